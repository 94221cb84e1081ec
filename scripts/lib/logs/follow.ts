import { setTimeout } from "node:timers/promises";
import { UserError } from "../cli/errors.ts";
import { say } from "../cli/terminal.ts";
import { ApiError } from "../google/api-error.ts";
import type { LogEntry } from "./entry.ts";

/** Between two looks. */
const SECONDS = 3;

/** How late an entry may come: Google shows them in the order of their own times, not of their arrival. */
const LATE_SECONDS = 60;

export interface Following {
  /** What was shown already. */
  shown: readonly LogEntry[];
  /** Everything since a time (ISO 8601). */
  read: (since: string) => Promise<LogEntry[]>;
  show: (entry: LogEntry) => void;
  /** Where nothing was shown yet: ISO 8601. */
  from: string;
}

/**
 * Shows each entry once, until the process is interrupted. (Logging's own way,
 * `entries.tail`, is gRPC alone, for which gcloud needs a component of its own.)
 * A connection that breaks is waited for; what Google refuses is not.
 */
export async function follow(following: Following): Promise<never> {
  const { read, show } = following;
  const seen = new Map(
    following.shown.map((entry) => [entry.insertId, entry.timestamp]),
  );
  // What is older was left out on purpose.
  const first = following.shown[0]?.timestamp ?? following.from;
  let latest = following.shown.at(-1)?.timestamp ?? first;
  let broken = false;
  for (;;) {
    await setTimeout(SECONDS * 1000);
    const since = new Date(Date.parse(latest) - LATE_SECONDS * 1000);
    try {
      for (const entry of await read(since.toISOString())) {
        if (seen.has(entry.insertId) || isBefore(entry, first)) {
          continue;
        }
        seen.set(entry.insertId, entry.timestamp);
        if (isBefore({ timestamp: latest }, entry.timestamp)) {
          latest = entry.timestamp;
        }
        show(entry);
      }
      if (broken) say("the connection is back");
      broken = false;
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (!broken) say(`${error.message}; waiting for it to come back`);
      broken = true;
    }
    for (const [id, time] of seen) {
      if (isBefore({ timestamp: time }, since.toISOString())) seen.delete(id);
    }
  }
}

function isBefore(
  { timestamp }: Pick<LogEntry, "timestamp">,
  time: string,
): boolean {
  return Date.parse(timestamp) < Date.parse(time);
}

/** Nobody answered, or Google could not at that moment. */
function mayPass(error: unknown): error is UserError {
  if (error instanceof ApiError) {
    return error.status >= 500 || error.status === 429;
  }
  return error instanceof UserError;
}
