import { UserError } from "../cli/errors.ts";
import { formatCommand, toRead } from "../google/gcloud.ts";
import type { ReadApi } from "../google/rest.ts";
import { idOf } from "../pipeline/pipeline-state.ts";
import { readJobRun, readRelease } from "./read-releases.ts";
import {
  type Job,
  type Phase,
  type Rollout,
  releaseOf,
} from "./release-state.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import { approveRollout, describeRollout } from "../google/commands/deploy.ts";
import { readBuildLog } from "../google/commands/logging.ts";
import { namePhase, nameState } from "./rollout-progress.ts";

interface Cause {
  /** What failed, and Cloud Deploy's words. */
  message: string;
  /** The build that logged it. */
  build: string | undefined;
}

/** The error of a rollout that did not succeed. `undone`: the rollout that took it back by itself. */
export async function explainFailure(
  read: ReadApi,
  place: PipelinePlace,
  rollout: Rollout,
  undone: Rollout | undefined,
): Promise<UserError> {
  const { targetId } = rollout;
  const cause = await findCause(read, place, rollout);
  const lines = [
    `${idOf(rollout)} did not reach ${targetId}: ${cause.message}`,
    ...(undone === undefined ? [] : [describeReturn(place, undone)]),
  ];
  const log =
    cause.build === undefined
      ? formatCommand(
          toRead(describeRollout(place, releaseOf(rollout), idOf(rollout))),
        )
      : formatCommand(readBuildLog(place, cause.build));
  return new UserError(lines.join("\n  "), { hint: `Its log: ${log}` });
}

function describeReturn(place: PipelinePlace, undone: Rollout): string {
  const { targetId, state } = undone;
  if (state === "PENDING_APPROVAL") {
    const approve = approveRollout(place, releaseOf(undone), idOf(undone));
    return `Going back to release ${releaseOf(undone)} waits for approval, and until then the new revision keeps its share of the traffic. Approve it: ${formatCommand(approve)}`;
  }
  return state === "SUCCEEDED"
    ? `${targetId} is back at release ${releaseOf(undone)}.`
    : `Going back to release ${releaseOf(undone)} did not succeed either (${state}): ${undone.failureReason ?? "see its log"}`;
}

async function findCause(
  read: ReadApi,
  place: PipelinePlace,
  rollout: Rollout,
): Promise<Cause> {
  const { deployFailureCause, failureReason, targetId } = rollout;
  if (deployFailureCause === "RELEASE_FAILED") {
    const release = await readRelease(read, place, releaseOf(rollout));
    const render = release?.targetRenders?.[targetId];
    return {
      message: `the release could not be rendered: ${render?.failureMessage ?? failureReason ?? "no reason given"}`,
      build: render?.renderingBuild,
    };
  }
  const failed = findFailedJob(rollout);
  if (failed === undefined) {
    return {
      message: failureReason ?? `it ${nameState(rollout) ?? "failed"}`,
      build: undefined,
    };
  }
  const { phase, job } = failed;
  const run = await readJobRun(read, job.jobRun ?? "");
  const details =
    run?.predeployJobRun ?? run?.deployJobRun ?? run?.verifyJobRun;
  const words = details?.failureMessage ?? failureReason ?? "no reason given";
  return {
    message: `${job.id} failed in phase ${namePhase(phase)}: ${words}`,
    build: details?.build,
  };
}

function findFailedJob(
  rollout: Rollout,
): { phase: Phase; job: Job } | undefined {
  return (rollout.phases ?? [])
    .flatMap((phase) => {
      const { predeployJob, deployJob, verifyJob } = phase.deploymentJobs ?? {};
      return [predeployJob, deployJob, verifyJob].flatMap((job) =>
        job?.state === "FAILED" && job.jobRun !== undefined
          ? [{ phase, job }]
          : [],
      );
    })
    .at(-1);
}
