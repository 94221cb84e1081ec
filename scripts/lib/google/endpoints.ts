import type { GcloudContext } from "./context.ts";

/** The APIs that are read over REST, by gcloud's name for their endpoint. */
export const API_NAMES = [
  "aiplatform",
  "artifactregistry",
  "billingbudgets",
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

/** Those that gcloud (528) has no override for. */
const NOT_OVERRIDDEN: readonly ApiName[] = ["billingbudgets"];

/** Whether a call goes to Google's own host; without an override it does, unless a proxy on this machine takes it. */
export function reachesGoogle(
  context: Pick<GcloudContext, "properties">,
  api: ApiName,
): boolean {
  const { address = "" } = context.properties.proxy ?? {};
  if (NOT_OVERRIDDEN.includes(api)) {
    return !/^(localhost|127\.\d+\.\d+\.\d+)$/.test(address);
  }
  const host = `https://${api}.googleapis.com`;
  return endpointOf(context, api).startsWith(host);
}

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
