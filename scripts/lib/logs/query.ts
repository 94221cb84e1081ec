import { InputError } from "../cli/errors.ts";
import type { Arguments } from "../cli/run-script.ts";
import type { ServiceId } from "../google/places.ts";
import { SEVERITIES } from "./entry.ts";

/** What of a service's log is wanted. */
export interface Query {
  /** ISO 8601. */
  since: string;
  /** Of what there is already. */
  limit: number;
  severity: string | undefined;
  /** `429`, or `4xx`. */
  status: string | undefined;
  revision: string | undefined;
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Throws InputError for what is none. `now`: milliseconds. */
export function parseQuery(args: Arguments, now: number): Query {
  return {
    since: parseSince(args.value("since") ?? "1h", now),
    limit: parseLimit(args.value("limit") ?? "100"),
    severity: args.value("severity"),
    status: checkStatus(args.value("status")),
    revision: checkRevision(args.value("revision")),
  };
}

function parseSince(text: string, now: number): string {
  const [, number, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const time =
    number === undefined
      ? Date.parse(text)
      : now - Number(number) * UNITS[unit as keyof typeof UNITS];
  if (Number.isNaN(time) || !/^\d/.test(text)) {
    throw new InputError(
      `--since=${text}: expected 30m, 2h, 7d or a time such as 2026-11-27T21:00:00Z`,
    );
  }
  return new Date(time).toISOString();
}

function parseLimit(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InputError(`--limit=${text}: expected 1 to 99999`);
}

function checkStatus(text: string | undefined): string | undefined {
  if (text === undefined || /^[1-5](\d\d|xx)$/i.test(text)) return text;
  throw new InputError(`--status=${text}: expected 429, or 4xx`);
}

function checkRevision(text: string | undefined): string | undefined {
  if (text === undefined || /^[a-z0-9-]+$/.test(text)) return text;
  throw new InputError(
    `--revision=${text}: expected the name of a revision, or its end`,
  );
}

/** In Logging's query language. `since`: of this look; a later one begins later. */
export function formatFilter(
  { service, region }: ServiceId,
  { severity, status, revision }: Query,
  since: string,
): string {
  return [
    "resource.type=cloud_run_revision",
    `resource.labels.service_name="${service}"`,
    `resource.labels.location="${region}"`,
    `timestamp>="${since}"`,
    ...(revision === undefined
      ? []
      : [`resource.labels.revision_name="${toFull(service, revision)}"`]),
    ...(status === undefined ? [] : [formatStatus(status)]),
    ...(severity === undefined ? [] : [formatSeverity(severity)]),
  ].join(" AND ");
}

function toFull(service: string, revision: string): string {
  return revision.startsWith(`${service}-`)
    ? revision
    : `${service}-${revision}`;
}

function formatStatus(status: string): string {
  const path = "httpRequest.status";
  if (!/xx$/i.test(status)) return `${path}=${status}`;
  const first = Number(status[0]) * 100;
  return `${path}>=${String(first)} AND ${path}<${String(first + 100)}`;
}

function formatSeverity(severity: string): string {
  const worse = SEVERITIES.slice(
    SEVERITIES.findIndex((known) => known === severity),
  );
  const levels = worse.map((level) => `jsonPayload.level="${level}"`);
  return `(${[`severity>=${severity}`, ...levels].join(" OR ")})`;
}
