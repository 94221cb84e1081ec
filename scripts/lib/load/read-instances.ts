import { setTimeout } from "node:timers/promises";
import { ApiError } from "../google/api-error.ts";
import type { ReadApi } from "../google/rest.ts";
import type { LogEntry } from "../logs/entry.ts";
import { readLatest } from "../logs/read-entries.ts";
import type { Settings } from "../settings/settings.ts";
import { type Instances, countInstances, isOwn } from "./instances.ts";
import type { Measurement } from "./measurement.ts";

/** More lines than this are not read: 20 pages of Cloud Logging. */
const MOST_ENTRIES = 20_000;

/** Entries come a little late: so often it looks again, and so long it waits. */
const LOOKS = 8;
const SECONDS = 4;

/** Reads the log of the run's time. What cannot be read is not known; it fails nothing. */
export async function readInstances(
  read: ReadApi,
  settings: Settings,
  measurement: Measurement,
): Promise<Instances> {
  try {
    const entries = await readWhole(read, settings, measurement);
    if (entries.length === MOST_ENTRIES) {
      return { unknown: "the log has too many lines of that time" };
    }
    return countInstances(entries);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { unknown: `${error.message} (roles/logging.viewer)` };
  }
}

/** Until every call that Cloud Run answered is in it. */
async function readWhole(
  read: ReadApi,
  settings: Settings,
  { began, summary }: Measurement,
): Promise<LogEntry[]> {
  const broken = summary.failures
    .filter(({ status }) => status === undefined)
    .reduce((sum, { count }) => sum + count, 0);
  const query = {
    since: began,
    limit: MOST_ENTRIES,
    severity: undefined,
    status: undefined,
    revision: undefined,
  };
  for (let look = 1; ; look += 1) {
    const entries = await readLatest(read, settings, query);
    const missing = summary.calls - broken - entries.filter(isOwn).length;
    if (missing <= 0 || look === LOOKS) return entries;
    await setTimeout(SECONDS * 1000);
  }
}
