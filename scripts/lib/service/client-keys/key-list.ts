import { createHash, randomBytes } from "node:crypto";
import { UserError } from "../../cli/errors.ts";
import { SecretValue } from "../../cli/secret-value.ts";
import { MAX_VERSION_BYTES } from "../../google/secret-versions.ts";

/** A client's key, of which only the hash is kept. config/client_keys.py reads these names. */
export interface ClientKey {
  /** Who has it; several keys may have one name. */
  name: string;
  /** SHA-256 of the key, hex: of 256 random bits nobody finds the key. */
  sha256: string;
  /** When it was made, ISO 8601. */
  created: string;
  /** Without: all of them. */
  models?: readonly string[];
  /** An instance. */
  requestsPerMinute?: number;
}

/** What a version of the secret holds. */
export interface KeyList {
  keys: readonly ClientKey[];
  /** Ids of keys that are removed for good: no list that is put together brings them back. */
  removed: readonly string[];
}

export const NO_KEYS: KeyList = { keys: [], removed: [] };

/** What tells keys of one name apart: the beginning of the hash. */
export function idOf({ sha256 }: Pick<ClientKey, "sha256">): string {
  return sha256.slice(0, 12);
}

/** A strong new key, and what is kept of it. */
export function makeKey(
  described: Omit<ClientKey, "sha256" | "created">,
  now: Date,
): { key: SecretValue; entry: ClientKey } {
  const key = `sk-${randomBytes(32).toString("hex")}`;
  const sha256 = createHash("sha256").update(key).digest("hex");
  const entry = { ...described, sha256, created: now.toISOString() };
  return { key: new SecretValue(key), entry };
}

/** Everything that one of the lists has, without what one of them removed. */
export function mergeKeyLists(lists: readonly KeyList[]): KeyList {
  const removed = [...new Set(lists.flatMap((list) => list.removed))];
  const keys = new Map(
    lists.flatMap((list) => list.keys).map((key) => [key.sha256, key]),
  );
  return {
    keys: [...keys.values()]
      .filter((key) => !removed.includes(idOf(key)))
      .sort((a, b) => (a.created < b.created ? -1 : 1)),
    removed,
  };
}

/** One key a line, as JSON. Throws UserError where Secret Manager would not take it. */
export function formatKeyList({ keys, removed }: KeyList): string {
  const lines = keys.map((key) => `\n  ${JSON.stringify(key)}`).join(",");
  const text = `{"removed": ${JSON.stringify(removed)}, "keys": [${lines}]}\n`;
  if (Buffer.byteLength(text) <= MAX_VERSION_BYTES) return text;
  throw new UserError(
    `the list of client keys would have ${Buffer.byteLength(text)} bytes: Secret Manager takes at most ${MAX_VERSION_BYTES}`,
    { hint: "Remove keys that nobody uses." },
  );
}

/** `from`: the version that it stands in. Throws UserError where it is no list of keys. */
export function parseKeyList(text: string, from: string): KeyList {
  try {
    const { keys, removed } = JSON.parse(text) as Partial<KeyList>;
    if (Array.isArray(keys) && Array.isArray(removed)) {
      return { keys: keys as ClientKey[], removed: removed as string[] };
    }
  } catch {
    // Told below: what stands there may be a key.
  }
  throw new UserError(`${from} holds no list of client keys`, {
    hint: "Somebody else wrote it. Disable that version, or choose another CLIENT_KEYS_SECRET.",
  });
}
