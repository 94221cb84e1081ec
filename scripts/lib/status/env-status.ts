import { type Unread, isUnread } from "../service/every-env.ts";

/** What an env has now; `--json` prints it. */
export interface EnvStatus {
  env: string;
  project: string;
  region: string;
  service: string;
  /** Null: nothing is deployed yet. */
  serving: ServingStatus | null;
}

export interface ServingStatus {
  url: string;
  /** Of the revision that takes most of the traffic. */
  revision: string;
  /** As it was asked for. */
  image: string;
  /** What the image's tag tells; null where it tells none. */
  litellm: string | null;
  config: ConfigStatus;
  /** The version of each key that it reads, by the key's name. */
  keys: Readonly<Record<string, string>>;
  /** The secret with its clients' keys; null: they have none. */
  clientKeys: string | null;
  traffic: { revision: string; percent: number; tag: string | null }[];
  deployed: {
    /** ISO 8601. */
    at: string;
    /** By email; null where Cloud Run does not tell. */
    by: string | null;
    /** Null where nothing tells. */
    commit: string | null;
  };
  health: Health;
  /** Null where Cloud Deploy does not own the service. */
  pipeline: PipelineStatus | null;
}

interface ConfigStatus {
  secret: string;
  /** The alias of its content. */
  version: string;
  /** ISO 8601; null where the caller may not see it. */
  created: string | null;
  /** What lies beside it: aliases, by name. */
  files: Readonly<Record<string, string>>;
}

export interface Health {
  /** What Cloud Run says of the service. */
  ready: boolean;
  /** Cloud Run's words where it is not; null where it is. */
  reason: string | null;
  /** What LiteLLM answered to /health/readiness; null: it was not asked. */
  answer: { ok: boolean; detail: string; milliseconds: number } | null;
}

export interface PipelineStatus {
  pipeline: string;
  /** The target's rollouts, the newest first. */
  rollouts: {
    rollout: string;
    release: string;
    state: string;
    /** ISO 8601. */
    created: string;
    /** It waits for somebody. */
    needsApproval: boolean;
  }[];
}

export function isRead(status: EnvStatus | Unread): status is EnvStatus {
  return !isUnread(status);
}

/** Nothing is deployed: that is no fault. */
export function isWell(status: EnvStatus | Unread): boolean {
  if (!isRead(status)) return false;
  const health = status.serving?.health;
  return health === undefined || isHealthy(health);
}

export function isHealthy({ ready, answer }: Health): boolean {
  return ready && answer?.ok !== false;
}
