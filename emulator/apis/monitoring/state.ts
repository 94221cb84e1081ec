import type { Project } from "../../core/cloud.ts";
import type { Slot } from "../../core/states.ts";
import type { SentChannel, SentCheck, SentPolicy } from "./requests.ts";

/** What Google adds to what a client wrote. */
export type Kept<Sent> = Sent & { name: string };

/** Each by its name, oldest first. */
export interface MonitoringState {
  channels: Map<string, Kept<SentChannel>>;
  policies: Map<string, Kept<SentPolicy>>;
  checks: Map<string, Kept<SentCheck>>;
}

const MONITORING: Slot<MonitoringState> = {
  make: () => ({
    channels: new Map(),
    policies: new Map(),
    checks: new Map(),
  }),
};

export function monitoringOf(project: Project): MonitoringState {
  return project.states.of(MONITORING);
}
