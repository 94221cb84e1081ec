import { emailDomain } from "../settings/settings.ts";
import { LABEL } from "../service/ownership.ts";

/** The service accounts of the pipeline, by what they do. They live in its project. */
export const PIPELINE_ACCOUNTS = {
  build: "builds what is pushed to main (cloudbuild.yaml)",
  check: "tests (cloudbuild.check.yaml, cloudbuild.test.yaml)",
  deployer: "makes releases (scripts/release.ts)",
  execution: "renders and deploys for Cloud Deploy",
  verify: "verifies for Cloud Deploy",
  automation: "advances, promotes and repairs rollouts",
} as const;

export type PipelineAccount = keyof typeof PIPELINE_ACCOUNTS;

/** The name of an account without `@…`. */
export function accountName(account: PipelineAccount): string {
  return `litellm-${account}`;
}

/** The email of an account in the pipeline's project. */
export function accountEmail(
  projectId: string,
  account: PipelineAccount,
): string {
  return `${accountName(account)}@${emailDomain(projectId)}`;
}

/** Accounts have no labels: this is how ours are known. */
export function accountDescription(account: PipelineAccount): string {
  return `${LABEL}: ${PIPELINE_ACCOUNTS[account]}`;
}
