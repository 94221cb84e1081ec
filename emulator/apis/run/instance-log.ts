import { randomUUID } from "node:crypto";
import type { Project } from "../../core/cloud.ts";
import {
  type LogRecord,
  SEVERITIES,
  type Severity,
} from "../../core/log-record.ts";
import type { LogEntry, RequestEntry } from "../../machine/runtime/instance.ts";
import { timestamp } from "./identifiers.ts";
import type { RunRevision, RunService } from "./state.ts";

/** So that a talkative container does not fill the memory. */
const MOST_RECORDS = 20_000;

const LOG_NAMES = {
  stdout: "run.googleapis.com%2Fstdout",
  stderr: "run.googleapis.com%2Fstderr",
  system: "run.googleapis.com%2Fvarlog%2Fsystem",
} as const;

/** Keeps what a container, or Cloud Run about it, writes. A line of JSON becomes a structured entry, as on Cloud Run. */
export function writeInstanceLog(
  project: Project,
  service: RunService,
  revision: RunRevision,
  entry: LogEntry,
  /** Undefined where it is about no single one. */
  instanceId?: string,
): void {
  keep(project, service, revision, LOG_NAMES[entry.stream], {
    ...(entry.severity !== undefined && { severity: entry.severity }),
    ...toPayload(entry.text),
    ...(instanceId !== undefined && { labels: { instanceId } }),
  });
}

/** Keeps what was asked of a revision (Cloud Run docs, "Logging and viewing logs": request logs). */
export function writeRequestLog(
  project: Project,
  service: RunService,
  revision: RunRevision,
  { httpRequest, severity }: RequestEntry,
  instanceId: string,
): void {
  const logName = "run.googleapis.com%2Frequests";
  const labels = { instanceId };
  keep(project, service, revision, logName, { httpRequest, severity, labels });
}

function keep(
  project: Project,
  service: RunService,
  revision: RunRevision,
  logName: string,
  payload: Partial<LogRecord>,
): void {
  const now = timestamp();
  project.logRecords.push({
    insertId: randomUUID(),
    logName: `projects/${project.projectId}/logs/${logName}`,
    resource: {
      type: "cloud_run_revision",
      labels: {
        configuration_name: service.name,
        location: service.region,
        project_id: project.projectId,
        revision_name: revision.name,
        service_name: service.name,
      },
    },
    timestamp: now,
    receiveTimestamp: now,
    ...payload,
  });
  if (project.logRecords.length > MOST_RECORDS) project.logRecords.shift();
}

function toPayload(
  text: string,
): Pick<LogRecord, "textPayload" | "jsonPayload" | "severity"> {
  const json = parseObject(text);
  if (json === undefined) return { textPayload: text };
  const { severity, ...payload } = json;
  const known = SEVERITIES.find((s): s is Severity => s === severity);
  return known === undefined
    ? { jsonPayload: json }
    : { jsonPayload: payload, severity: known };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
