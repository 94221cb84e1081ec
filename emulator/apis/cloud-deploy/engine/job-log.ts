import { randomUUID } from "node:crypto";
import { SEVERITIES } from "../../../core/log-record.ts";
import type { EngineContext } from "./context.ts";
import { placeOf } from "./names.ts";

/** So that a talkative container does not fill the memory. */
const MOST_RECORDS = 20_000;

/** Writes a line of a job where Cloud Build writes it: into the pipeline's project; and into the emulator's own log. */
export function jobLogger(
  { cloud, log }: EngineContext,
  build: string,
  title: string,
): (line: string) => void {
  const { project } = placeOf(build);
  const { logRecords } = cloud.project(project);
  return (line) => {
    log(`${title}: ${line}`);
    const timestamp = new Date().toISOString();
    logRecords.push({
      insertId: randomUUID(),
      logName: `projects/${project}/logs/cloudbuild`,
      resource: {
        type: "build",
        labels: {
          build_id: build.slice(build.lastIndexOf("/") + 1),
          build_trigger_id: "",
          project_id: project,
        },
      },
      timestamp,
      receiveTimestamp: timestamp,
      severity: SEVERITIES[2],
      textPayload: line,
    });
    if (logRecords.length > MOST_RECORDS) logRecords.shift();
  };
}
