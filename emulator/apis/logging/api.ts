import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { int32, list, message, readBody, string } from "../../core/message.ts";
import { parseFilter } from "./filter.ts";
import type { LogRecord } from "../../core/log-record.ts";

const LIST_ENTRIES = message({
  projectIds: list(string),
  resourceNames: list(string),
  filter: string,
  orderBy: string,
  pageSize: int32,
  pageToken: string,
});

const LARGEST_PAGE = 1000;

/** Cloud Logging v2, as far as reading what Cloud Run wrote. */
export function loggingApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  routes.post("/v2/:method{entries:list}", async (c) => {
    const sent = await readBody(c, LIST_ENTRIES);
    const { filter = "", orderBy = "", pageSize = 0, pageToken = "" } = sent;
    const matches = parseFilter(filter);
    const found = projectsOf(sent)
      .flatMap((id) => cloud.project(id).logRecords)
      .filter(matches);
    const sorted = sort(found, orderBy);
    const start = Number(pageToken === "" ? 0 : pageToken);
    const end = start + Math.min(pageSize || 50, LARGEST_PAGE);
    return c.json({
      entries: sorted.slice(start, end),
      ...(end < sorted.length && { nextPageToken: String(end) }),
    });
  });
  return {
    service: "logging.googleapis.com",
    title: "Cloud Logging API",
    hosts: /^logging\.googleapis\.com$/,
    routes,
  };
}

function projectsOf(sent: {
  projectIds?: string[];
  resourceNames?: string[];
}): string[] {
  const names = sent.resourceNames ?? [];
  return [
    ...(sent.projectIds ?? []),
    ...names.map((name) => {
      const [, id] = /^projects\/([^/]+)$/.exec(name) ?? [];
      if (id !== undefined) return id;
      throw new GoogleError(
        "INVALID_ARGUMENT",
        `The emulated Google Cloud reads the logs of projects only, not of ${name}.`,
      );
    }),
  ];
}

function sort(records: readonly LogRecord[], orderBy: string): LogRecord[] {
  if (!/^(timestamp( asc| desc)?)?$/.test(orderBy)) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Invalid order_by: '${orderBy}' is neither 'timestamp asc' nor 'timestamp desc'.`,
    );
  }
  const ascending = records.toSorted((one, other) =>
    one.timestamp.localeCompare(other.timestamp),
  );
  return orderBy.endsWith(" desc") ? ascending.reverse() : ascending;
}
