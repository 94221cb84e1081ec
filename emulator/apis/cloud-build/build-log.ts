import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { hasPermission } from "../../core/policy.ts";
import { SEVERITIES } from "../../core/log-record.ts";
import type { StoredBuild } from "./state.ts";

/** So that a talkative step does not fill the memory. */
const MOST_RECORDS = 20_000;

export type BuildLog = (step: string, line: string) => void;

/** The step of lines that are about the whole build. */
export const MAIN = "MAIN";

/** Writes a build's lines to Cloud Logging, where its account may, and into the emulator's own log. */
export function openBuildLog(
  cloud: Cloud,
  build: StoredBuild,
  log: (line: string) => void,
): BuildLog {
  const { id, projectId, triggerId = "", account, sent } = build;
  const project = cloud.project(projectId);
  const writer = `serviceAccount:${account}`;
  const permission = "logging.logEntries.create";
  const allowed = hasPermission([project.policy], writer, permission);
  if (!allowed) {
    const text = `The service account running this build projects/${projectId}/serviceAccounts/${account} does not have permission to write logs to Cloud Logging. To fix this, grant the Logs Writer (roles/logging.logWriter) role to the service account.`;
    build.warnings.push({ text, priority: "WARNING" });
  }
  const keep = allowed && sent.options?.logging !== "NONE";
  const labels = { build_id: id, build_trigger_id: triggerId };
  return (step, line) => {
    const text = step === MAIN ? line : `${step}: ${line}`;
    log(`build ${id.slice(0, 8)}: ${text}`);
    if (!keep) return;
    const timestamp = new Date().toISOString();
    project.logRecords.push({
      insertId: randomUUID(),
      logName: `projects/${projectId}/logs/cloudbuild`,
      resource: {
        type: "build",
        labels: { ...labels, project_id: projectId },
      },
      labels: { build_step: step },
      timestamp,
      receiveTimestamp: timestamp,
      severity: SEVERITIES[2],
      textPayload: text,
    });
    if (project.logRecords.length > MOST_RECORDS) project.logRecords.shift();
  };
}
