import type { ReadApi } from "../google/rest.ts";
import type { Settings } from "../settings/settings.ts";
import type { LogEntry } from "./entry.ts";
import { type Query, formatFilter } from "./query.ts";

/** The most that one call answers (Cloud Logging API v2, entries.list). */
const LARGEST_PAGE = 1000;

interface Page {
  entries?: LogEntry[];
  nextPageToken?: string;
}

/** The latest entries, the oldest first. */
export async function readLatest(
  read: ReadApi,
  settings: Settings,
  query: Query,
): Promise<LogEntry[]> {
  const filter = formatFilter(settings, query, query.since);
  const list = listPages(read, settings, filter, "timestamp desc", query.limit);
  const found: LogEntry[] = [];
  for await (const entries of list) {
    found.push(...entries);
    if (found.length >= query.limit) break;
  }
  return found.slice(0, query.limit).reverse();
}

/** Everything since a time, the oldest first. */
export async function readSince(
  read: ReadApi,
  settings: Settings,
  query: Query,
  since: string,
): Promise<LogEntry[]> {
  const filter = formatFilter(settings, query, since);
  const found: LogEntry[] = [];
  for await (const page of listPages(read, settings, filter, "timestamp asc")) {
    found.push(...page);
  }
  return found;
}

async function* listPages(
  read: ReadApi,
  { projectId }: Settings,
  filter: string,
  orderBy: string,
  most = LARGEST_PAGE,
): AsyncGenerator<LogEntry[]> {
  let pageToken: string | undefined;
  do {
    const page = (await read({
      api: "logging",
      path: "v2/entries:list",
      body: {
        resourceNames: [`projects/${projectId}`],
        filter,
        orderBy,
        pageSize: Math.min(most, LARGEST_PAGE),
        ...(pageToken !== undefined && { pageToken }),
      },
    })) as Page | undefined;
    yield page?.entries ?? [];
    pageToken = page?.nextPageToken;
  } while (pageToken !== undefined && pageToken !== "");
}
