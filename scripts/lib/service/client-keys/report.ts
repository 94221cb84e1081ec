import { formatTable } from "../../cli/table.ts";
import { type ClientKey, idOf } from "./key-list.ts";

/** Seconds after which config/client_keys.py reads the list again (REREAD_SECONDS there). */
export const REREAD_SECONDS = 30;

/** What `--json` prints of a key. */
export interface KeyOutcome {
  name: string;
  id: string;
  created: string;
  /** Null: all. */
  models: readonly string[] | null;
  /** An instance; null: no limit. */
  requestsPerMinute: number | null;
}

export function toKeyOutcome(key: ClientKey): KeyOutcome {
  const { name, created, models = null, requestsPerMinute = null } = key;
  return { name, id: idOf(key), created, models, requestsPerMinute };
}

/** `team-a 1a2b3c4d5e6f of 2026-11-28 10:03`. */
export function describeKey(key: ClientKey): string {
  return `${key.name} ${idOf(key)} of ${formatTime(key.created)}`;
}

/** `width`: columns of the terminal. */
export function formatKeys(keys: readonly ClientKey[], width: number): string {
  if (keys.length === 0) return "There is no client key.";
  const rows = [
    ["NAME", "ID", "MADE (UTC)", "MODELS", "REQUESTS A MINUTE, AN INSTANCE"],
    ...keys.map((key) => [
      key.name,
      idOf(key),
      formatTime(key.created),
      key.models?.join(", ") ?? "all",
      String(key.requestsPerMinute ?? "no limit"),
    ]),
  ];
  return formatTable(rows, width);
}

/** Once the list is stored. */
export function describeAdded(
  key: ClientKey,
  others: readonly ClientKey[],
): string {
  const older = others.filter(({ name }) => name === key.name);
  return [
    `\nThe key of ${describeKey(key)} stands on standard output, this once: only its hash is kept.`,
    `It works ${REREAD_SECONDS} s after Secret Manager shows it everywhere, usually at once.`,
    ...older.map(
      (one) =>
        `Still there, until it is removed by its id: ${describeKey(one)}`,
    ),
  ].join("\n");
}

export function describeRemoved(keys: readonly ClientKey[]): string {
  return [
    `\nRemoved: ${keys.map(describeKey).join(", ")}.`,
    `It ends ${REREAD_SECONDS} s after Secret Manager shows it everywhere, usually within minutes.`,
  ].join("\n");
}

function formatTime(iso: string): string {
  return iso.replace(/^(.{10})T(.{5}).*$/, "$1 $2");
}
