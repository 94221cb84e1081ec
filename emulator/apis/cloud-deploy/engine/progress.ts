import type { Cloud } from "../../../core/cloud.ts";
import type { Job, JobRun, Phase, Rollout } from "../rollout.ts";
import type { EngineContext } from "./context.ts";
import { canCanary } from "./deploy-job.ts";
import { findParts, rolloutsOnTarget } from "./find.ts";
import {
  abortPending,
  jobsOf,
  percentOf,
  resumeAborted,
  skipPhase,
} from "./phases.ts";
import { failureOf, startJob } from "./run-job.ts";

const FIRST_TIME =
  "There is no earlier version of the application on the target that a canary could take traffic from.";

/** Lets the rollout begin as soon as no other one to its target is in progress. */
export function enqueue(context: EngineContext, rollout: Rollout): void {
  rollout.state = "PENDING";
  rollout.enqueueTime = new Date().toISOString();
  startNext(context, rollout);
}

/** Begins the oldest rollout that waits for the target of this one, if the target is free. */
export function startNext(context: EngineContext, rollout: Rollout): void {
  if (context.closed || isOccupied(context.cloud, rollout)) return;
  const [next] = rolloutsOnTarget(context.cloud, rollout)
    .filter(({ state }) => state === "PENDING")
    .sort((one, other) =>
      (one.enqueueTime ?? "").localeCompare(other.enqueueTime ?? ""),
    );
  if (next !== undefined) begin(context, next);
}

/** Whether a rollout to the target is in progress or being repaired. */
export function isOccupied(cloud: Cloud, rollout: Rollout): boolean {
  return rolloutsOnTarget(cloud, rollout).some(
    ({ state, activeRepairAutomationRun }) =>
      state === "IN_PROGRESS" || activeRepairAutomationRun !== undefined,
  );
}

function begin(context: EngineContext, rollout: Rollout): void {
  rollout.state = "IN_PROGRESS";
  rollout.deployStartTime = new Date().toISOString();
  if (!canCanary(context, rollout)) {
    const { stage } = findParts(context.cloud, rollout);
    for (const phase of rollout.phases) {
      if (percentOf(stage, phase) !== undefined && phase.state === "PENDING") {
        skipPhase(phase, FIRST_TIME);
      }
    }
  }
  const first = nextPhase(rollout);
  if (first !== undefined) runPhase(context, rollout, first);
}

/** The phase that is to come. */
export function nextPhase({ phases }: Rollout): Phase | undefined {
  return phases.find(({ state }) => state === "PENDING");
}

/** Runs what is left of the phase, and then goes as far as it can go by itself. */
export function runPhase(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
): void {
  phase.state = "IN_PROGRESS";
  const job = jobsOf(phase).find(({ state }) => state === "PENDING");
  if (job === undefined) {
    succeed(context, rollout, phase);
    return;
  }
  startJob(context, rollout, phase, job, (run) => {
    endJob(context, rollout, phase, job, run);
  });
}

/** Runs a job once more, and what had to come after it. */
export function retry(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  job: Job,
): void {
  resume(rollout);
  job.state = "PENDING";
  runPhase(context, rollout, phase);
}

/** Goes on as if the job had not failed. */
export function ignore(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  job: Job,
): void {
  resume(rollout);
  job.state = "IGNORED";
  runPhase(context, rollout, phase);
}

function resume(rollout: Rollout): void {
  rollout.state = "IN_PROGRESS";
  delete rollout.deployFailureCause;
  delete rollout.failureReason;
  delete rollout.deployEndTime;
  resumeAborted(rollout.phases);
}

function succeed(context: EngineContext, rollout: Rollout, phase: Phase): void {
  phase.state = "SUCCEEDED";
  if (nextPhase(rollout) !== undefined) {
    context.reactions.phaseSucceeded(context, rollout, phase);
    return;
  }
  end(rollout, "SUCCEEDED");
  context.reactions.rolloutSucceeded(context, rollout);
  startNext(context, rollout);
}

function endJob(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  job: Job,
  run: JobRun,
): void {
  job.state = run.state === "TERMINATED" ? "ABORTED" : run.state;
  if (rollout.state === "CANCELLED") {
    startNext(context, rollout);
    return;
  }
  if (run.state === "SUCCEEDED") {
    runPhase(context, rollout, phase);
    return;
  }
  phase.state = run.state === "TERMINATED" ? "ABORTED" : "FAILED";
  abortPending(rollout.phases);
  if (run.state === "TERMINATED") {
    end(rollout, "HALTED");
  } else {
    rollout.deployFailureCause = "EXECUTION_FAILED";
    rollout.failureReason = `The ${job.id} job of phase ${phase.id} failed: ${failureOf(run)}`;
    end(rollout, "FAILED");
    context.reactions.jobFailed(context, rollout, phase, job);
  }
  startNext(context, rollout);
}

function end(rollout: Rollout, state: Rollout["state"]): void {
  rollout.state = state;
  rollout.deployEndTime = new Date().toISOString();
}
