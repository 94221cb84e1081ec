import { hideSecrets } from "../cli/hide-secrets.ts";

/** Cloud Logging's, in rising order, as far as a service writes them. */
export const SEVERITIES = [
  "DEBUG",
  "INFO",
  "WARNING",
  "ERROR",
  "CRITICAL",
] as const;

/** The parts of a LogEntry (Cloud Logging API v2) that are shown. */
export interface LogEntry {
  insertId: string;
  timestamp: string;
  severity?: string;
  resource?: { labels?: { revision_name?: string } };
  /** Cloud Run's own. */
  labels?: { instanceId?: string };
  textPayload?: string;
  jsonPayload?: Record<string, unknown>;
  httpRequest?: {
    requestMethod?: string;
    requestUrl?: string;
    status?: number;
    latency?: string;
    userAgent?: string;
  };
}

/** A line of the log; `--json` prints it. */
export interface LogLine {
  /** ISO 8601. */
  time: string;
  severity: string;
  revision: string;
  /** Null: LiteLLM's line, or Cloud Run's. */
  request: {
    method: string;
    /** Without host and query: what stands there may be a secret. */
    path: string;
    status: number;
    milliseconds: number;
  } | null;
  message: string;
}

export function toLine(entry: LogEntry): LogLine {
  const { timestamp, resource, httpRequest } = entry;
  const request = httpRequest === undefined ? null : toRequest(httpRequest);
  return {
    time: timestamp,
    severity: severityOf(entry),
    revision: resource?.labels?.revision_name ?? "",
    request,
    message: hideSecrets(request === null ? messageOf(entry) : ""),
  };
}

/** LiteLLM's JSON calls it `level`, which Cloud Run does not take for the entry's severity. */
function severityOf({ severity, jsonPayload }: LogEntry): string {
  const level = jsonPayload?.level;
  if (severity !== undefined && severity !== "DEFAULT") return severity;
  return typeof level === "string" ? level : "DEFAULT";
}

function messageOf({ textPayload, jsonPayload }: LogEntry): string {
  if (textPayload !== undefined) return textPayload;
  const message = jsonPayload?.message;
  return typeof message === "string" ? message : JSON.stringify(jsonPayload);
}

function toRequest(
  request: NonNullable<LogEntry["httpRequest"]>,
): NonNullable<LogLine["request"]> {
  const { requestMethod = "", requestUrl = "", status = 0, latency } = request;
  const path = URL.canParse(requestUrl) ? new URL(requestUrl).pathname : "";
  const milliseconds = Math.round(parseFloat(latency ?? "0") * 1000);
  return { method: requestMethod, path, status, milliseconds };
}
