import type { JobRun, Rollout } from "../rollout.ts";
import type { VerifyContainer } from "../state.ts";
import { executionAccount, requireRunner } from "./accounts.ts";
import type { EngineContext } from "./context.ts";
import { findParts } from "./find.ts";
import { idOf, parentOf, pipelineOf, placeOf } from "./names.ts";

/** That the release's skaffold.yaml has no verify containers. */
export class NothingToVerify extends Error {}

/** Runs the release's verify containers, one after the other. Throws why the verification failed. */
export async function verify(
  context: EngineContext,
  rollout: Rollout,
  run: JobRun,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { cloud } = context;
  const { rendered, target } = findParts(cloud, rollout);
  if (rendered.verify.length === 0) {
    throw new NothingToVerify(
      "The skaffold.yaml of the release has no verify stanza.",
    );
  }
  const { project: projectId } = placeOf(rollout.name);
  const account = executionAccount(cloud, target, "VERIFY");
  requireRunner(cloud, account, cloud.project(projectId));
  const env = {
    ...rendered.parameters,
    ...systemParameters(rollout, run),
  };
  for (const container of rendered.verify) {
    const exitCode = await context.runContainer({
      ...pickCommand(container),
      env: { ...env, ...container.env },
      account,
      projectId,
      log,
      signal,
    });
    signal.throwIfAborted();
    if (exitCode !== 0) {
      throw new Error(
        `Verify container "${container.name}" failed with exit code ${exitCode}.`,
      );
    }
  }
}

function pickCommand({ image, command, args }: VerifyContainer) {
  return { image, command, args };
}

/** What Cloud Deploy tells a container of the rollout it runs for. */
function systemParameters(
  rollout: Rollout,
  run: JobRun,
): Record<string, string> {
  const { project, location } = placeOf(rollout.name);
  const { service, revision, serviceUrls } = rollout.metadata?.cloudRun ?? {};
  const place = placeOf(service ?? "");
  return {
    CLOUD_DEPLOY_PROJECT: project,
    CLOUD_DEPLOY_LOCATION: location,
    CLOUD_DEPLOY_DELIVERY_PIPELINE: idOf(pipelineOf(rollout.name)),
    CLOUD_DEPLOY_RELEASE: idOf(parentOf(rollout.name)),
    CLOUD_DEPLOY_ROLLOUT: idOf(rollout.name),
    CLOUD_DEPLOY_TARGET: rollout.targetId,
    CLOUD_DEPLOY_PHASE: run.phaseId,
    CLOUD_DEPLOY_JOB_RUN: idOf(run.name),
    CLOUD_RUN_PROJECT: place.project,
    CLOUD_RUN_LOCATION: place.location,
    CLOUD_RUN_SERVICE: idOf(service ?? ""),
    CLOUD_RUN_REVISION: idOf(revision ?? ""),
    CLOUD_RUN_SERVICE_URLS: (serviceUrls ?? []).join(","),
  };
}
