import { GoogleError } from "../../core/google-error.ts";
import { readObject } from "../storage/state.ts";
import { executionAccount, requireRunner } from "./engine/accounts.ts";
import type { EngineContext } from "./engine/context.ts";
import { jobLogger } from "./engine/job-log.ts";
import { idOf, pipelineOf, placeOf } from "./engine/names.ts";
import { unpackArchive } from "./render/archive.ts";
import { keepArtifacts } from "./render/artifacts.ts";
import { WORKSPACE } from "./render/manifest.ts";
import { RenderError } from "./render/render-error.ts";
import { renderTarget } from "./render/render-target.ts";
import { joinParameters } from "./rules/parameters.ts";
import type { Release, Stage, StoredRelease, Target } from "./state.ts";

/** Renders the release for each of its targets. What fails is told by its `targetRenders`. */
export function renderRelease(
  context: EngineContext,
  stored: StoredRelease,
): void {
  const { resource } = stored;
  const { stages } = resource.deliveryPipelineSnapshot.serialPipeline;
  stages.forEach((stage, index) => {
    const target = resource.targetSnapshots[index];
    if (target !== undefined) tryTarget(context, stored, stage, target);
  });
  const failed = stored.rendered.size < stages.length;
  resource.renderState = failed ? "FAILED" : "SUCCEEDED";
  resource.renderEndTime = new Date().toISOString();
  const id = idOf(resource.name);
  context.log(`Cloud Deploy: render of ${id} ${resource.renderState}`);
}

function tryTarget(
  context: EngineContext,
  stored: StoredRelease,
  stage: Stage,
  target: Target,
): void {
  const { resource, rendered } = stored;
  const render = resource.targetRenders?.[stage.targetId];
  if (render === undefined) return;
  const title = `render ${idOf(resource.name)} ${stage.targetId}`;
  const log = jobLogger(context, render.renderingBuild, title);
  try {
    const { service, ...output } = renderOne(
      context,
      resource,
      stage,
      target,
      log,
    );
    const name = `${target.run?.location ?? ""}/services/${service}`;
    resource.targetArtifacts ??= {};
    resource.targetArtifacts[stage.targetId] = keepArtifacts(
      context.cloud,
      resource,
      target,
      output.phases,
    );
    rendered.set(stage.targetId, output);
    render.metadata = { cloudRun: { service: name } };
    render.renderingState = "SUCCEEDED";
  } catch (error) {
    if (!(error instanceof RenderError || error instanceof GoogleError)) {
      throw error;
    }
    render.renderingState = "FAILED";
    render.failureCause =
      error instanceof RenderError ? error.failureCause : "EXECUTION_FAILED";
    render.failureMessage = error.message;
    log(`ERROR: ${error.message}`);
  }
}

function renderOne(
  { cloud }: EngineContext,
  release: Release,
  stage: Stage,
  target: Target,
  log: (line: string) => void,
) {
  const { project } = placeOf(release.name);
  const account = executionAccount(cloud, target, "RENDER");
  requireRunner(cloud, account, cloud.project(project));
  const { skaffoldConfigUri: uri = "", skaffoldConfigPath } = release;
  log(`Downloading and unarchiving content from "${uri}" to "${WORKSPACE}"`);
  const files = unpackArchive(uri, readObject(cloud, uri));
  const configPath = skaffoldConfigPath ?? "skaffold.yaml";
  log(`Resolving the Skaffold config at ${WORKSPACE}/${configPath}`);
  return renderTarget({
    files,
    configPath,
    stage,
    parameters: joinParameters(target, stage, release.deployParameters),
    labels: labelsOf(release, stage.targetId),
    images: new Map(
      (release.buildArtifacts ?? []).map(({ image = "", tag = "" }) => [
        image,
        tag,
      ]),
    ),
  });
}

/** What Cloud Deploy puts on everything that it deploys. */
function labelsOf({ name }: Release, targetId: string): Record<string, string> {
  const { project, location } = placeOf(name);
  return {
    "managed-by": "google-cloud-deploy",
    "delivery-pipeline-id": idOf(pipelineOf(name)),
    "release-id": idOf(name),
    "target-id": targetId,
    location,
    "project-id": project,
  };
}
