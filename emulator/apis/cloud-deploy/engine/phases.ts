import { GoogleError } from "../../../core/google-error.ts";
import type { Job, Phase } from "../rollout.ts";
import type { Stage } from "../state.ts";

const STABLE = "stable";

/** The phases of a rollout to a stage; those before the starting phase are skipped. Throws INVALID_ARGUMENT on one that is not there. */
export function planPhases(stage: Stage, startingPhaseId: string): Phase[] {
  const { standard, canary } = stage.strategy ?? {};
  const { percentages = [], verify = false } = canary?.canaryDeployment ?? {};
  const verified = canary ? verify : standard?.verify === true;
  const ids = [...percentages.map((percent) => `canary-${percent}`), STABLE];
  const start = startingPhaseId === "" ? 0 : ids.indexOf(startingPhaseId);
  if (start < 0) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `starting_phase_id "${startingPhaseId}" is not a phase of target "${stage.targetId}": ${ids.join(", ")}`,
    );
  }
  return ids.map((id, index) => {
    const phase = newPhase(id, verified);
    if (index < start) {
      skipPhase(phase, `The rollout starts in phase ${startingPhaseId}.`);
    }
    return phase;
  });
}

/** The percentage of a canary phase; undefined for the stable one. */
export function percentOf(phase: Phase): number | undefined {
  const [, percent] = /^canary-(\d+)$/.exec(phase.id) ?? [];
  return percent === undefined ? undefined : Number(percent);
}

/** In the order in which they run. */
export function jobsOf({ deploymentJobs }: Phase): Job[] {
  const { deployJob, verifyJob } = deploymentJobs;
  return verifyJob === undefined ? [deployJob] : [deployJob, verifyJob];
}

export function skipPhase(phase: Phase, skipMessage: string): void {
  phase.state = "SKIPPED";
  phase.skipMessage = skipMessage;
  for (const job of jobsOf(phase)) {
    job.state = "SKIPPED";
    job.skipMessage = skipMessage;
  }
}

/** What was to come after a failure, a termination or a cancellation. */
export function abortPending(phases: readonly Phase[]): void {
  for (const phase of phases) {
    for (const job of jobsOf(phase)) {
      if (job.state === "PENDING") job.state = "ABORTED";
    }
    if (phase.state === "PENDING") phase.state = "ABORTED";
  }
}

/** What a failure aborted is to come again. */
export function resumeAborted(phases: readonly Phase[]): void {
  for (const phase of phases) {
    for (const job of jobsOf(phase)) {
      if (job.state === "ABORTED") job.state = "PENDING";
    }
    if (phase.state === "ABORTED") phase.state = "PENDING";
  }
}

function newPhase(id: string, verified: boolean): Phase {
  const state = "PENDING";
  return {
    id,
    state,
    deploymentJobs: {
      deployJob: { id: "deploy", state, deployJob: {} },
      ...(verified && {
        verifyJob: { id: "verify", state, verifyJob: {} },
      }),
    },
  };
}
