/** Title by name of every API that a project can enable here. Most of them do nothing but being enabled. */
const TITLES: Record<string, string> = {
  "aiplatform.googleapis.com": "Vertex AI API",
  "apikeys.googleapis.com": "API Keys API",
  "artifactregistry.googleapis.com": "Artifact Registry API",
  "bigquery.googleapis.com": "BigQuery API",
  "billingbudgets.googleapis.com": "Cloud Billing Budget API",
  "cloudapis.googleapis.com": "Google Cloud APIs",
  "cloudbilling.googleapis.com": "Cloud Billing API",
  "cloudbuild.googleapis.com": "Cloud Build API",
  "clouddeploy.googleapis.com": "Cloud Deploy API",
  "cloudkms.googleapis.com": "Cloud Key Management Service (KMS) API",
  "cloudresourcemanager.googleapis.com": "Cloud Resource Manager API",
  "cloudtrace.googleapis.com": "Cloud Trace API",
  "compute.googleapis.com": "Compute Engine API",
  "containerregistry.googleapis.com": "Container Registry API",
  "datastore.googleapis.com": "Cloud Datastore API",
  "developerconnect.googleapis.com": "Developer Connect API",
  "generativelanguage.googleapis.com": "Generative Language API",
  "iam.googleapis.com": "Identity and Access Management (IAM) API",
  "iamcredentials.googleapis.com": "IAM Service Account Credentials API",
  "logging.googleapis.com": "Cloud Logging API",
  "monitoring.googleapis.com": "Cloud Monitoring API",
  "orgpolicy.googleapis.com": "Organization Policy API",
  "pubsub.googleapis.com": "Cloud Pub/Sub API",
  "run.googleapis.com": "Cloud Run Admin API",
  "secretmanager.googleapis.com": "Secret Manager API",
  "servicemanagement.googleapis.com": "Service Management API",
  "serviceusage.googleapis.com": "Service Usage API",
  "sql-component.googleapis.com": "Cloud SQL",
  "storage-api.googleapis.com": "Google Cloud Storage JSON API",
  "storage-component.googleapis.com": "Cloud Storage",
  "storage.googleapis.com": "Cloud Storage API",
  "sts.googleapis.com": "Security Token Service API",
};

/** APIs that a project without a billing account cannot enable. */
const BILLED = [
  "aiplatform.googleapis.com",
  "artifactregistry.googleapis.com",
  "cloudbuild.googleapis.com",
  "clouddeploy.googleapis.com",
  "cloudkms.googleapis.com",
  "compute.googleapis.com",
  "containerregistry.googleapis.com",
  "run.googleapis.com",
  "secretmanager.googleapis.com",
];

export const SERVICES: readonly string[] = Object.keys(TITLES);

/** The product's name, undefined for an unknown API. */
export function titleOf(service: string): string | undefined {
  return TITLES[service];
}

export function needsBilling(service: string): boolean {
  return BILLED.includes(service);
}
