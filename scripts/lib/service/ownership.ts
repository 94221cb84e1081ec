import { RELEASED } from "../manifest/stage-manifest.ts";
import type { Revision, Service } from "../manifest/knative.ts";
import type { AccountState, SecretState } from "./state/state.ts";

/** The label on everything that this project made and that can have labels. */
export const LABEL = "litellm-cloudrun";

export const LABELS = { [LABEL]: "true" };

/** Service accounts have no labels: theirs is how the description begins. */
export const ACCOUNT_DESCRIPTION =
  "litellm-cloudrun: runs the LiteLLM proxy on Cloud Run";

export function isOurSecret(secret: SecretState): boolean {
  return secret.labels[LABEL] !== undefined;
}

export function isOurService(service: Service): boolean {
  return service.metadata.labels?.[LABEL] !== undefined;
}

export function isOurRevision(revision: Revision): boolean {
  return revision.metadata.labels?.[LABEL] !== undefined;
}

export function isOurAccount(account: AccountState): boolean {
  return account.description.startsWith(`${LABEL}:`);
}

/**
 * Cloud Deploy writes a label on the services that it deploys, which an
 * organisation can switch off; ours is the annotation that a release brings.
 */
export function isOwnedByCloudDeploy({ metadata, spec }: Service): boolean {
  const { template } = spec;
  return (
    [metadata, template.metadata].some(
      (one) => one?.labels?.["managed-by"] === "google-cloud-deploy",
    ) || template.metadata?.annotations?.[RELEASED] !== undefined
  );
}
