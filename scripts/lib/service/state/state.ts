import type { Binding } from "../../google/policy.ts";
import type { Revision, Service } from "../../manifest/knative.ts";

/** What the cloud holds now, as far as an env is concerned. */
export interface State {
  project: { projectId: string; projectNumber: string };
  /** Undefined where the caller may not see it. */
  billingEnabled: boolean | undefined;
  enabledApis: ReadonlySet<string>;
  projectBindings: Binding[];
  serviceAccount: AccountState | undefined;
  secrets: {
    config: SecretState | undefined;
    clientKeys: SecretState | undefined;
    /** By the key's name: those of the table, of the env, and of its revisions. */
    keys: Readonly<Record<string, SecretState | undefined>>;
    /** By name: those that config/service.yaml names itself. */
    own: Readonly<Record<string, SecretState | undefined>>;
  };
  service: Service | undefined;
  /** Of the service itself: who may invoke it. */
  serviceBindings: Binding[];
  /** Of this service, newest first. */
  revisions: Revision[];
  /** All other services of the project, in every region. */
  otherServices: Service[];
  /** Of other services, where the config's secret is so full that its aliases are about to be pruned. */
  otherRevisions: Revision[];
}

export interface AccountState {
  email: string;
  description: string;
  disabled: boolean;
}

export interface SecretState {
  name: string;
  labels: Record<string, string>;
  etag: string;
  /** Alias → version number. */
  aliases: Record<string, number>;
  /** Newest first, destroyed ones included. */
  versions: { number: number; state: "ENABLED" | "DISABLED" | "DESTROYED" }[];
  bindings: Binding[];
  /** Enabled versions newer than all that aliases name, each with the SHA-256 (hex) of its content (config only). */
  unaliased?: { number: number; sha256: string }[];
  /** `2592000s`: the delay with which versions are destroyed; undefined: at once. */
  destroyTtl?: string;
}

/** Every secret of an env that there is. */
export function listSecrets({
  secrets,
}: Pick<State, "secrets">): SecretState[] {
  return [
    secrets.config,
    secrets.clientKeys,
    ...Object.values(secrets.keys),
    ...Object.values(secrets.own),
  ].filter((secret) => secret !== undefined);
}
