import type { JobRun, Phase, Rollout } from "../rollout.ts";
import type { ExecutionUsage, JobContainer } from "../state.ts";
import { executionAccount, requireRunner } from "./accounts.ts";
import type { EngineContext } from "./context.ts";
import { findParts, findRendered } from "./find.ts";
import { idOf, parentOf, pipelineOf, placeOf } from "./names.ts";

/** That the release's skaffold.yaml has no verify containers. */
export class NothingToVerify extends Error {}

/** What a job that runs containers works with. */
export interface JobInput {
  context: EngineContext;
  rollout: Rollout;
  phase: Phase;
  run: JobRun;
  log: (line: string) => void;
  signal: AbortSignal;
}

/** Runs the phase's verify containers, one after the other. Throws why the verification failed. */
export async function verify(input: JobInput): Promise<void> {
  const { context, rollout, phase } = input;
  const { verify: containers } = findRendered(context.cloud, rollout, phase.id);
  if (containers.length === 0) {
    throw new NothingToVerify(
      "The skaffold.yaml of the release has no verify stanza.",
    );
  }
  await runAll(input, "VERIFY", "Verify container", containers);
}

/** Runs the custom actions that come before the phase is deployed. Throws why one failed. */
export async function predeploy(input: JobInput): Promise<void> {
  const { context, rollout, phase } = input;
  const { actions } = findRendered(context.cloud, rollout, phase.id);
  const names = phase.deploymentJobs.predeployJob?.predeployJob?.actions ?? [];
  for (const name of names) {
    const containers = actions.get(name);
    if (containers === undefined) {
      throw new Error(`custom action "${name}" not found`);
    }
    const what = `Container of custom action ${name}`;
    await runAll(input, "PREDEPLOY", what, containers);
  }
}

async function runAll(
  { context, rollout, run, log, signal }: JobInput,
  usage: ExecutionUsage,
  what: string,
  containers: readonly JobContainer[],
): Promise<void> {
  const { cloud } = context;
  const { rendered, target } = findParts(cloud, rollout);
  const { project: projectId } = placeOf(rollout.name);
  const account = executionAccount(cloud, target, usage);
  const project = cloud.project(projectId);
  requireRunner(cloud, account, project);
  const env = {
    ...rendered.parameters,
    ...systemParameters(rollout, run, project.projectNumber),
  };
  for (const container of containers) {
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
        `${what} "${container.name}" failed with exit code ${exitCode}.`,
      );
    }
  }
}

function pickCommand({ image, command, args }: JobContainer) {
  return { image, command, args };
}

/** What Cloud Deploy tells a container of the rollout it runs for. */
function systemParameters(
  rollout: Rollout,
  run: JobRun,
  projectNumber: string,
): Record<string, string> {
  const { project, location } = placeOf(rollout.name);
  const { service, revision, serviceUrls } = rollout.metadata?.cloudRun ?? {};
  const place = placeOf(service ?? "");
  return {
    CLOUD_DEPLOY_PROJECT: projectNumber,
    CLOUD_DEPLOY_PROJECT_ID: project,
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
