import { GoogleError } from "../../../core/google-error.ts";
import type { Job, JobRun, Phase, Rollout } from "../rollout.ts";
import type { EngineContext } from "./context.ts";
import { abortPending, jobsOf } from "./phases.ts";
import {
  enqueue,
  ignore,
  isOccupied,
  nextPhase,
  retry,
  runPhase,
  startNext,
} from "./progress.ts";
import { deliveryOf } from "../state.ts";

const CANCELLABLE = [
  "PENDING_RELEASE",
  "PENDING_APPROVAL",
  "PENDING",
  "IN_PROGRESS",
  "HALTED",
];

/** Approves or rejects. Throws FAILED_PRECONDITION unless the rollout waits for it. */
export function approveRollout(
  context: EngineContext,
  rollout: Rollout,
  approved: boolean,
): void {
  if (rollout.state !== "PENDING_APPROVAL") {
    throw refusal(
      `rollout "${rollout.name}" is in state ${rollout.state}, not PENDING_APPROVAL`,
    );
  }
  rollout.approvalState = approved ? "APPROVED" : "REJECTED";
  if (approved) {
    rollout.approveTime = new Date().toISOString();
    enqueue(context, rollout);
  } else {
    rollout.state = "APPROVAL_REJECTED";
    abortPending(rollout.phases);
  }
}

/** Begins the phase that is to come. Throws FAILED_PRECONDITION on any other. */
export function advanceRollout(
  context: EngineContext,
  rollout: Rollout,
  phaseId: string,
): void {
  findPhase(rollout, phaseId);
  requireState(rollout, ["IN_PROGRESS"]);
  if (rollout.phases.some(({ state }) => state === "IN_PROGRESS")) {
    throw refusal(`rollout "${rollout.name}" has a phase in progress`);
  }
  const next = nextPhase(rollout);
  if (next?.id !== phaseId) {
    throw refusal(
      `rollout "${rollout.name}" cannot advance to phase "${phaseId}": the next one is "${next?.id ?? ""}"`,
    );
  }
  runPhase(context, rollout, next);
}

/** Ends the rollout, and the job that runs for it. */
export function cancelRollout(context: EngineContext, rollout: Rollout): void {
  requireState(rollout, CANCELLABLE);
  rollout.state = "CANCELLED";
  rollout.deployEndTime = new Date().toISOString();
  abortPending(rollout.phases);
  const [active] = rollout.phases.filter((p) => p.state === "IN_PROGRESS");
  if (active) active.state = "ABORTED";
  const job = active && jobsOf(active).find((j) => j.state === "IN_PROGRESS");
  const task = context.running.get(job?.jobRun ?? "");
  if (task === undefined) startNext(context, rollout);
  else task.stop.abort(new Error("The rollout was cancelled."));
}

/** Throws FAILED_PRECONDITION unless the job failed or was terminated, and the target is free. */
export function retryJob(
  context: EngineContext,
  rollout: Rollout,
  phaseId: string,
  jobId: string,
): JobRun | undefined {
  const { phase, job } = findEnded(context, rollout, phaseId, jobId);
  retry(context, rollout, phase, job);
  return deliveryOf(context.cloud).jobRuns.get(job.jobRun ?? "");
}

/** Throws FAILED_PRECONDITION unless the job failed or was terminated, and the target is free. */
export function ignoreJob(
  context: EngineContext,
  rollout: Rollout,
  phaseId: string,
  jobId: string,
): void {
  const { phase, job } = findEnded(context, rollout, phaseId, jobId);
  if (job.id === "deploy") {
    throw refusal(
      `job "deploy" of rollout "${rollout.name}" cannot be ignored`,
    );
  }
  ignore(context, rollout, phase, job);
}

/** Throws FAILED_PRECONDITION unless it is in progress. */
export function terminateJobRun(context: EngineContext, run: JobRun): void {
  const task = context.running.get(run.name);
  if (task === undefined) {
    throw refusal(`job run "${run.name}" is in state ${run.state}`);
  }
  task.stop.abort(new Error("The job run was terminated."));
}

function findEnded(
  context: EngineContext,
  rollout: Rollout,
  phaseId: string,
  jobId: string,
): { phase: Phase; job: Job } {
  const phase = findPhase(rollout, phaseId);
  const job = jobsOf(phase).find(({ id }) => id === jobId);
  if (job === undefined) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `phase "${phaseId}" of rollout "${rollout.name}" has no job "${jobId}"`,
    );
  }
  requireState(rollout, ["FAILED", "HALTED"]);
  const ended = phase.state === "FAILED" || phase.state === "ABORTED";
  if (!ended || (job.state !== "FAILED" && job.state !== "ABORTED")) {
    throw refusal(
      `job "${jobId}" in phase "${phaseId}" of rollout "${rollout.name}" is in state ${job.state}`,
    );
  }
  // Its own repair may go on.
  const repair = rollout.activeRepairAutomationRun;
  delete rollout.activeRepairAutomationRun;
  const occupied = isOccupied(context.cloud, rollout);
  if (repair !== undefined) rollout.activeRepairAutomationRun = repair;
  if (occupied) {
    throw refusal(
      `another rollout is in progress on target "${rollout.targetId}"`,
    );
  }
  return { phase, job };
}

function findPhase(rollout: Rollout, phaseId: string): Phase {
  const phase = rollout.phases.find(({ id }) => id === phaseId);
  if (phase !== undefined) return phase;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `rollout "${rollout.name}" has no phase "${phaseId}"`,
  );
}

function requireState(rollout: Rollout, states: readonly string[]): void {
  if (states.includes(rollout.state)) return;
  throw refusal(`rollout "${rollout.name}" is in state ${rollout.state}`);
}

function refusal(text: string): GoogleError {
  return new GoogleError("FAILED_PRECONDITION", text);
}
