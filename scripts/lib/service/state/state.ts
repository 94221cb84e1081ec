import type { Revision, Service } from "../../manifest/knative.ts";

/** What the cloud holds now, as far as an env is concerned. */
export interface State {
  project: { projectId: string; projectNumber: string };
  /** Undefined where the caller may not see it. */
  billingEnabled: boolean | undefined;
  enabledApis: ReadonlySet<string>;
  projectBindings: Binding[];
  serviceAccount: AccountState | undefined;
  secrets: Record<SecretRole, SecretState | undefined>;
  service: Service | undefined;
  /** Of the service itself: who may invoke it. */
  serviceBindings: Binding[];
  /** Of this service, newest first. */
  revisions: Revision[];
  /** All other services of the project, in every region. */
  otherServices: Service[];
}

export interface Binding {
  role: string;
  members: string[];
  condition?: { title?: string; expression?: string };
}

export interface AccountState {
  email: string;
  description: string;
  disabled: boolean;
}

/** What a secret is for. */
export type SecretRole = "config" | "masterKey" | "geminiKey";

export interface SecretState {
  name: string;
  labels: Record<string, string>;
  etag: string;
  /** Alias → version number. */
  aliases: Record<string, number>;
  /** Newest first, destroyed ones included. */
  versions: { number: number; state: "ENABLED" | "DISABLED" | "DESTROYED" }[];
  bindings: Binding[];
  /** SHA-256 (hex) of the newest enabled version where no alias names it (config only). */
  unaliasedSha256?: string;
}
