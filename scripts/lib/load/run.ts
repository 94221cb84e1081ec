import { setTimeout } from "node:timers/promises";
import { type Settings, isRehearsalProject } from "../settings/settings.ts";
import type { Call } from "./call.ts";
import { type Bounds, startLoad } from "./generate.ts";
import type { Instances } from "./instances.ts";
import { type Measurement, measure } from "./measurement.ts";
import type { Proposal } from "./propose.ts";
import { createSend } from "./send-call.ts";
import type { Served } from "./target.ts";

/** What was measured, and each call of it in the order in which they were due. */
export interface Measured {
  measurement: Measurement;
  calls: readonly Call[];
}

/** What is told of a run. */
export interface Outcome extends Measured {
  instances: Instances;
  proposal: Proposal;
}

/** Sends calls to an env until they are through, or Ctrl-C; `read` tells what was measured so far. */
export function runLoad(
  { target, revision }: Served,
  { env, projectId, region, service }: Settings,
  bounds: Bounds,
): {
  done: Promise<void>;
  describe: () => string;
  read: (interrupted?: "interrupted") => Measured;
} {
  const began = new Date().toISOString();
  const origin = performance.now();
  const idle = performance.eventLoopUtilization();
  const now = (): number => performance.now() - origin;
  const clock = { now, sleep: (ms: number) => setTimeout(ms) };
  const run = startLoad(bounds, createSend(target, now), clock);
  const subject = {
    env,
    project: projectId,
    region,
    service,
    revision: revision.metadata.name,
    model: target.model,
    stream: target.stream,
    rehearsed: isRehearsalProject(projectId),
  };
  return {
    done: run.done,
    describe: () => {
      const failed = run.calls.filter(({ failure }) => failure !== undefined);
      return `${run.calls.length}/${bounds.calls} calls, ${run.inFlight} in flight, ${failed.length} failed`;
    },
    read: (interrupted) => {
      const { utilization } = performance.eventLoopUtilization(idle);
      const around = { began, clientBusy: utilization };
      return measure(subject, bounds, run, around, interrupted);
    },
  };
}
