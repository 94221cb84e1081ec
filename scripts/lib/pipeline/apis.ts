/** APIs of the pipeline's project. Its accounts call the last four there, whatever project they work on. */
export const PIPELINE_APIS = [
  "artifactregistry.googleapis.com",
  "cloudbuild.googleapis.com",
  "clouddeploy.googleapis.com",
  "logging.googleapis.com",
  "storage.googleapis.com",
  "cloudbilling.googleapis.com",
  "cloudresourcemanager.googleapis.com",
  "iamcredentials.googleapis.com",
  "serviceusage.googleapis.com",
] as const;
