import type { Cloud, Project } from "../../core/cloud.ts";
import type { Runtime } from "../../machine/runtime/instance.ts";
import type { RunService } from "./state.ts";

/** What Cloud Run works with. */
export interface RunContext {
  cloud: Cloud;
  runtime: Runtime;
  /** For bugs. */
  log: (line: string) => void;
}

export function projectOf(context: RunContext, service: RunService): Project {
  return context.cloud.project(service.projectId);
}
