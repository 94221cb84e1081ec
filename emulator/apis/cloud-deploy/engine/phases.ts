import { GoogleError } from "../../../core/google-error.ts";
import type { Job, Phase } from "../rollout.ts";
import type { PhaseConfig, Stage } from "../state.ts";

const STABLE = "stable";
const ALL = 100;

/** What a stage's rollouts go through, in order. The last one is the stable phase. */
export function phaseConfigsOf({ strategy }: Stage): PhaseConfig[] {
  const { standard, canary } = strategy ?? {};
  const { canaryDeployment, customCanaryDeployment } = canary ?? {};
  if (customCanaryDeployment) return customCanaryDeployment.phaseConfigs;
  if (!canaryDeployment) {
    return [{ phaseId: STABLE, percentage: ALL, ...standard }];
  }
  const { percentages, verify, predeploy } = canaryDeployment;
  const phases = [
    ...percentages.map((percentage) => ({
      phaseId: `canary-${percentage}`,
      percentage,
    })),
    { phaseId: STABLE, percentage: ALL },
  ];
  // The discovery document: "the predeploy job of the first phase".
  return phases.map((phase, index) => ({
    ...phase,
    ...(verify !== undefined && { verify }),
    ...(index === 0 && predeploy && { predeploy }),
  }));
}

/** The phases of a rollout to a stage; those before the starting phase are skipped. Throws INVALID_ARGUMENT on one that is not there. */
export function planPhases(stage: Stage, startingPhaseId: string): Phase[] {
  const configs = phaseConfigsOf(stage);
  const ids = configs.map(({ phaseId }) => phaseId);
  const start = startingPhaseId === "" ? 0 : ids.indexOf(startingPhaseId);
  if (start < 0) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `starting_phase_id "${startingPhaseId}" is not a phase of target "${stage.targetId}": ${ids.join(", ")}`,
    );
  }
  return configs.map((config, index) => {
    const phase = newPhase(config);
    if (index < start) {
      skipPhase(phase, `The rollout starts in phase ${startingPhaseId}.`);
    }
    return phase;
  });
}

/** The percentage of a canary phase; undefined for the stable one. */
export function percentOf(stage: Stage, phase: Phase): number | undefined {
  const config = phaseConfigsOf(stage).find((c) => c.phaseId === phase.id);
  return config === undefined || config.phaseId === STABLE
    ? undefined
    : config.percentage;
}

/** Those that the phase has, in the order in which they run. */
export function jobsOf({ deploymentJobs }: Phase): Job[] {
  const { predeployJob, deployJob, verifyJob } = deploymentJobs;
  return [predeployJob ?? [], deployJob, verifyJob]
    .flat()
    .filter(({ state }) => state !== "DISABLED");
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

function newPhase({ phaseId, verify, predeploy }: PhaseConfig): Phase {
  const state = "PENDING";
  return {
    id: phaseId,
    state,
    deploymentJobs: {
      ...(predeploy?.actions && {
        predeployJob: {
          id: "predeploy",
          state,
          predeployJob: { actions: predeploy.actions },
        },
      }),
      deployJob: { id: "deploy", state, deployJob: {} },
      verifyJob: {
        id: "verify",
        state: verify === true ? state : "DISABLED",
        verifyJob: {},
      },
    },
  };
}
