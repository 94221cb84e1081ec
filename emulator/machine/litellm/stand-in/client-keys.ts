import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { ApiError } from "./api-error.ts";

// What config/client_keys.py does in LiteLLM, for which it stands in too.

/** How `custom_auth` names it. */
export const CLIENT_KEYS = "client_keys.authenticate";

/** The list is read again when it is older. */
const REREAD_MS = 30_000;
/** Where reading fails, the list that was read last holds that long. */
const HOLDS_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface ClientKey {
  name: string;
  sha256: string;
  /** Names that clients may ask for; none: all. */
  models?: string[];
  requestsPerMinute?: number;
}

export interface ClientKeys {
  /** Undefined: it is no client's. */
  find: (apiKey: string) => ClientKey | undefined;
  /** Throws ApiError where the key has asked as often as it may. */
  count: (key: ClientKey) => void;
}

/** Those of the secret that is mounted beside the config's. Throws where it cannot be read. */
export function openClientKeys(config: string): ClientKeys {
  const file = path.join(
    path.dirname(path.dirname(path.resolve(config))),
    "client-keys/client-keys.json",
  );
  let keys = readKeys(file);
  let readAt = performance.now();
  let triedAt = readAt;
  const refresh = () => {
    const now = performance.now();
    if (now - triedAt < REREAD_MS) return;
    triedAt = now;
    try {
      keys = readKeys(file);
      readAt = now;
    } catch (error) {
      log("ERROR", `client keys: reading ${file} failed (${String(error)})`);
    }
  };
  const asked = new Map<string, number[]>();
  return {
    find: (apiKey) => {
      refresh();
      const sha256 = createHash("sha256").update(apiKey).digest("hex");
      const key = keys.find((one) => one.sha256 === sha256);
      if (key !== undefined && performance.now() - readAt > HOLDS_MS) {
        throw refuse(503, "The list of client keys cannot be read.");
      }
      return key;
    },
    count: ({ sha256, requestsPerMinute = Infinity }) => {
      const now = performance.now();
      const recent = (asked.get(sha256) ?? []).filter(
        (at) => now - at < MINUTE_MS,
      );
      if (recent.length >= requestsPerMinute) {
        throw new ApiError(429, "throttling_error", "Rate limit exceeded.");
      }
      asked.set(sha256, [...recent, now]);
    },
  };
}

/** Throws ApiError where the key may not call there. */
export function requireRoute(
  { name, sha256 }: ClientKey,
  method: string,
  pathname: string,
  routes: readonly string[],
): void {
  const id = sha256.slice(0, 12);
  log("INFO", `client key ${name} (${id}): ${method} ${pathname}`);
  if (routes.includes(pathname)) return;
  throw refuse(403, `A client key may call models, and not ${pathname}.`);
}

/** `names`: what the client asks for, and what that is another name of. */
export function requireModel(
  { models = [] }: ClientKey,
  names: readonly string[],
): void {
  if (models.length === 0 || names.some((name) => models.includes(name))) {
    return;
  }
  throw new ApiError(
    403,
    "key_model_access_denied",
    `The requested model '${names[0] ?? ""}' is not available for this API key, or the model name is invalid. Check the models available to you and try again.`,
  );
}

function readKeys(file: string): ClientKey[] {
  const { keys } = JSON.parse(readFileSync(file, "utf8")) as {
    keys: ClientKey[];
  };
  return keys;
}

function refuse(status: number, message: string): ApiError {
  return new ApiError(status, "auth_error", message);
}

/** A line as Cloud Logging reads it. */
function log(severity: string, message: string): void {
  console.log(JSON.stringify({ severity, message }));
}
