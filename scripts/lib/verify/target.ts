import type { SecretValue } from "../cli/secret-value.ts";
import type { RedisUse } from "../litellm-config/redis-uses.ts";
import type { Settings } from "../settings/settings.ts";

/** One entry of the config's `model_list`. */
interface ServedDeployment {
  /** LiteLLM's `provider/model`. */
  model: string;
  /** Its own `vertex_location`, where it has one. */
  location?: string | undefined;
}

/** A name that clients can ask for, and what stands behind it. */
export interface ServedModel {
  name: string;
  /** What it is asked for; `other` is only looked for in the list. */
  kind: "chat" | "embedding" | "other";
  /** The name that this one is an alias of. */
  aliasOf?: string | undefined;
  /** Answers, but is missing from the model list on purpose. */
  hidden?: boolean | undefined;
  deployments: readonly ServedDeployment[];
}

/** What is verified, and what the hints need in order to name a command. */
export interface VerifyTarget extends Pick<
  Settings,
  | "env"
  | "mode"
  | "access"
  | "ingress"
  | "projectId"
  | "region"
  | "modelRegion"
  | "service"
  | "serviceAccount"
  | "keySecrets"
> {
  /** Without a path, e.g. `https://litellm-proxy-….run.app`. */
  baseUrl: string;
  masterKey: SecretValue;
  /** What Cloud Run's invoker check wants to see (ACCESS=iam). */
  identityToken: SecretValue | undefined;
  /** On the way to Google that gcloud takes. */
  fetch: typeof fetch;
  models: readonly ServedModel[];
  redis: readonly RedisUse[];
}

export interface CheckResult {
  check: CheckName;
  /** Client-visible model name, with the deployment where there are several. */
  subject?: string;
  ok: boolean;
  /** Not tried, because of what another check found. Never with `ok`. */
  skipped?: true;
  /** Of the last attempt. */
  milliseconds: number;
  detail: string;
  /** What to do, or what is worth knowing about a check that passed. */
  hint?: string;
  /** Attempts before this one. */
  retries?: number;
}

export type CheckName =
  | "liveness"
  | "readiness"
  | "refuses-no-identity"
  | "refuses-no-key"
  | "refuses-wrong-key"
  | "models"
  | "deployments"
  | "version"
  | "redis"
  | "chat"
  | "stream"
  | "embeddings"
  | "tool-forced"
  | "tool-turn"
  | "schema"
  | "image"
  | "responses"
  | "responses-stream"
  | "messages"
  | "messages-stream"
  | "messages-tool-turn"
  | "count-tokens"
  | "gemini"
  | "gemini-stream";

/** By LiteLLM's price list, of the calls whose answer told it. */
export interface Cost {
  dollars: number;
  calls: number;
}

export interface VerifyReport {
  ok: boolean;
  url: string;
  /** The version that answered. */
  litellmVersion: string | undefined;
  /** Why the rest was not tried, where one failure made it pointless. */
  stopped?: string;
  /** Requests that reached a model: what this run was billed for, at most. */
  modelCalls: number;
  /** What they came to, as LiteLLM reports it. */
  tokens: { input: number; output: number };
  cost: Cost;
  milliseconds: number;
  passed: number;
  failed: number;
  skipped: number;
  results: CheckResult[];
}
