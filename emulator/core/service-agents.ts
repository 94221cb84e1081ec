import type { Project } from "./cloud.ts";

/** The domains of agents by API; Google makes an agent when its API is enabled or first used, or when it is asked for (IAM docs, "Service agents"). */
export const AGENT_DOMAINS: Record<string, string> = {
  "run.googleapis.com": "serverless-robot-prod.iam",
  "aiplatform.googleapis.com": "gcp-sa-aiplatform.iam",
  "cloudbuild.googleapis.com": "gcp-sa-cloudbuild.iam",
  "clouddeploy.googleapis.com": "gcp-sa-clouddeploy.iam",
  "secretmanager.googleapis.com": "gcp-sa-secretmanager.iam",
};

/** The agent's email; undefined for an API that has none. */
export function agentEmail(
  { projectNumber }: Project,
  api: string,
): string | undefined {
  const domain = AGENT_DOMAINS[api];
  return domain && `service-${projectNumber}@${domain}.gserviceaccount.com`;
}
