import type { GcloudContext } from "./context.ts";

/** The APIs that are read over REST, by gcloud's name for their endpoint. */
export const API_NAMES = [
  "aiplatform",
  "artifactregistry",
  "cloudbilling",
  "cloudbuild",
  "clouddeploy",
  "cloudresourcemanager",
  "iam",
  "logging",
  "monitoring",
  "orgpolicy",
  "run",
  "secretmanager",
  "serviceusage",
  "storage",
] as const;

export type ApiName = (typeof API_NAMES)[number];

/** gcloud's endpoint of an API: its override, else Google's host; regional for Cloud Run. */
export function endpointOf(
  context: Pick<GcloudContext, "properties">,
  api: ApiName,
  region?: string,
): string {
  const endpoint =
    context.properties.api_endpoint_overrides?.[api] ??
    `https://${api}.googleapis.com/${api === "storage" ? "storage/v1/" : ""}`;
  if (region === undefined) return endpoint;
  return endpoint.replace("://", `://${region}-`);
}
