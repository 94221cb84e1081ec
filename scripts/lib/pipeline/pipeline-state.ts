import type { PipelineAccount } from "./accounts.ts";
import type { Binding } from "../google/policy.ts";
import type { AccountState } from "../service/state/state.ts";

/** What the pipeline's project holds of the pipeline. */
export interface PipelineState {
  project: { projectId: string; projectNumber: string };
  /** Undefined where the caller may not see it. */
  billingEnabled: boolean | undefined;
  enabledApis: ReadonlySet<string>;
  projectBindings: Binding[];
  accounts: Record<PipelineAccount, PolicyHolder<AccountState> | undefined>;
  repository: PolicyHolder<Labelled> | undefined;
  bucket: PolicyHolder<Labelled & { projectNumber: string }> | undefined;
  pipeline: CloudResource | undefined;
  /** All of the location, ours or not. */
  targets: CloudResource[];
  automations: CloudResource[];
  triggers: Trigger[];
}

/** What `gcloud deploy apply` makes. */
export type PipelineResources = Pick<
  PipelineState,
  "pipeline" | "targets" | "automations"
>;

/** A thing with a policy of its own. */
export type PolicyHolder<T> = T & { bindings: Binding[] };

interface Labelled {
  labels: Record<string, string>;
}

/** A Cloud Deploy resource as its API shows it. */
export interface CloudResource {
  /** `projects/P/locations/L/…`. */
  name: string;
  labels?: Record<string, string>;
  [field: string]: unknown;
}

/** The parts of a Cloud Build trigger that this project sets. */
export interface Trigger {
  name: string;
  description?: string;
  filename?: string;
  /** `projects/P/serviceAccounts/EMAIL`. */
  serviceAccount?: string;
  repositoryEventConfig?: { repository?: string };
  github?: { owner?: string; name?: string };
}

/** The last part of a resource's name. */
export function idOf({ name }: { name: string }): string {
  return name.split("/").at(-1) ?? name;
}
