import type { SecretPayloads } from "../google/secret-payloads.ts";
import type { Service } from "../manifest/knative.ts";
import type { GcloudEffects } from "../plan/step.ts";

/** What steps that store keys need. */
export interface PayloadEffects extends GcloudEffects {
  payloads: (projectId: string) => SecretPayloads;
}

/** What steps that change a service need. */
export interface ServiceEffects extends GcloudEffects {
  /** The service as it is now. */
  readService: () => Promise<Service | undefined>;
  /** Waits until a revision that starts is ready. Throws where it fails, or takes longer than Cloud Run lets it. */
  awaitRevision: (name: string) => Promise<void>;
  /** Verifies a revision at the URL of `tag`, or the service at its own URL. Throws when a check fails. */
  verify: (revision: string, tag: string | undefined) => Promise<void>;
}

export type DeployEffects = PayloadEffects & ServiceEffects;
