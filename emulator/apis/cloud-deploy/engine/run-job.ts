import { randomUUID } from "node:crypto";
import type { Job, JobRun, Phase, Rollout } from "../rollout.ts";
import { type EngineContext, startTask } from "./context.ts";
import { deploy } from "./deploy-job.ts";
import { jobLogger } from "./job-log.ts";
import { idOf, placeOf } from "./names.ts";
import { NothingToVerify, predeploy, verify } from "./container-jobs.ts";
import { deliveryOf } from "../state.ts";

/** Starts a job in the background; `ended` is called once its run has ended, unless the emulator closes. */
export function startJob(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  job: Job,
  ended: (run: JobRun) => void,
): void {
  const run = newJobRun(rollout, phase, job);
  deliveryOf(context.cloud).jobRuns.set(run.name, run);
  job.state = "IN_PROGRESS";
  job.jobRun = run.name;
  const title = `${idOf(rollout.name)} ${phase.id} ${job.id}`;
  const log = jobLogger(context, detailsOf(run)?.build ?? "", title);
  context.log(`Cloud Deploy: ${title} begins`);
  startTask(context, context.running, run.name, async (signal) => {
    try {
      await execute(context, rollout, phase, run, log, signal);
      run.state = "SUCCEEDED";
    } catch (error) {
      if (signal.aborted) run.state = "TERMINATED";
      else fail(run, error);
      if (run.state === "FAILED") log(`ERROR: ${failureOf(run)}`);
    }
    run.endTime = new Date().toISOString();
    context.log(`Cloud Deploy: ${title} ${run.state.toLowerCase()}`);
    ended(run);
  });
}

async function execute(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  run: JobRun,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const input = { context, rollout, phase, run, log, signal };
  if (run.predeployJobRun !== undefined) await predeploy(input);
  else if (run.verifyJobRun !== undefined) await verify(input);
  else if (run.deployJobRun !== undefined) {
    const cloudRun = await deploy(context, rollout, phase, log, signal);
    run.deployJobRun.metadata = { cloudRun };
    rollout.metadata = { ...rollout.metadata, cloudRun };
  }
}

/** What Cloud Deploy says of the job beyond its state. */
function detailsOf(run: JobRun): JobRun["verifyJobRun"] {
  return run.predeployJobRun ?? run.verifyJobRun ?? run.deployJobRun;
}

function fail(run: JobRun, error: unknown): void {
  run.state = "FAILED";
  const details = detailsOf(run);
  if (details === undefined) return;
  details.failureMessage =
    error instanceof Error ? error.message : String(error);
  details.failureCause =
    error instanceof NothingToVerify
      ? "VERIFICATION_CONFIG_NOT_FOUND"
      : "EXECUTION_FAILED";
}

function newJobRun(rollout: Rollout, phase: Phase, job: Job): JobRun {
  const uid = randomUUID();
  const { project, location } = placeOf(rollout.name);
  const now = new Date().toISOString();
  const details = {
    build: `projects/${project}/locations/${location}/builds/${uid}`,
  };
  return {
    name: `${rollout.name}/jobRuns/${uid}`,
    uid,
    phaseId: phase.id,
    jobId: job.id,
    createTime: now,
    startTime: now,
    state: "IN_PROGRESS",
    [`${job.id}JobRun`]: details,
  };
}

/** Why the run failed; empty otherwise. */
export function failureOf(run: JobRun): string {
  return detailsOf(run)?.failureMessage ?? "";
}
