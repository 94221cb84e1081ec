import { randomUUID } from "node:crypto";
import type { Job, JobRun, Phase, Rollout } from "../rollout.ts";
import { type EngineContext, startTask } from "./context.ts";
import { deploy } from "./deploy-job.ts";
import { idOf, placeOf } from "./names.ts";
import { NothingToVerify, verify } from "./verify-job.ts";

/** Starts a job in the background; `ended` is called once its run has ended, unless the emulator closes. */
export function startJob(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  job: Job,
  ended: (run: JobRun) => void,
): void {
  const run = newJobRun(rollout, phase, job);
  context.cloud.delivery.jobRuns.set(run.name, run);
  job.state = "IN_PROGRESS";
  job.jobRun = run.name;
  const title = `${idOf(rollout.name)} ${phase.id} ${job.id}`;
  context.log(`Cloud Deploy: ${title} begins`);
  startTask(context, context.running, run.name, async (signal) => {
    try {
      await execute(context, rollout, phase, run, signal);
      run.state = "SUCCEEDED";
    } catch (error) {
      fail(run, error, signal.aborted);
    }
    run.endTime = new Date().toISOString();
    context.log(`Cloud Deploy: ${title} ${describe(run)}`);
    ended(run);
  });
}

async function execute(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  run: JobRun,
  signal: AbortSignal,
): Promise<void> {
  if (run.jobId === "verify") {
    await verify(context, rollout, run, signal);
    return;
  }
  const cloudRun = await deploy(context, rollout, phase, signal);
  run.deployJobRun = { metadata: { cloudRun } };
  rollout.metadata = { ...rollout.metadata, cloudRun };
}

function fail(run: JobRun, error: unknown, terminated: boolean): void {
  run.state = terminated ? "TERMINATED" : "FAILED";
  if (terminated) return;
  const message = error instanceof Error ? error.message : String(error);
  const failure = {
    failureMessage: message,
    failureCause:
      error instanceof NothingToVerify
        ? ("VERIFICATION_CONFIG_NOT_FOUND" as const)
        : ("EXECUTION_FAILED" as const),
  };
  if (run.verifyJobRun) Object.assign(run.verifyJobRun, failure);
  else run.deployJobRun = { ...run.deployJobRun, ...failure };
}

function newJobRun(rollout: Rollout, phase: Phase, job: Job): JobRun {
  const uid = randomUUID();
  const { project, location } = placeOf(rollout.name);
  const now = new Date().toISOString();
  return {
    name: `${rollout.name}/jobRuns/${uid}`,
    uid,
    phaseId: phase.id,
    jobId: job.id,
    createTime: now,
    startTime: now,
    state: "IN_PROGRESS",
    ...(job.id === "deploy"
      ? { deployJobRun: {} }
      : {
          verifyJobRun: {
            build: `projects/${project}/locations/${location}/builds/${uid}`,
          },
        }),
  };
}

/** Why the run failed; empty otherwise. */
export function failureOf(run: JobRun): string {
  return (run.verifyJobRun ?? run.deployJobRun)?.failureMessage ?? "";
}

function describe(run: JobRun): string {
  const failure = failureOf(run);
  const state = run.state.toLowerCase();
  return failure === "" ? state : `${state}: ${failure}`;
}
