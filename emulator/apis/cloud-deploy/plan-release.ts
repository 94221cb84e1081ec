import { randomUUID } from "node:crypto";
import type { Cloud, Member } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { executionAccount } from "./engine/accounts.ts";
import { requireFound } from "./engine/find.ts";
import { pipelineOf, placeOf, targetName } from "./engine/names.ts";
import { missingTargets } from "./pipelines.ts";
import { DEFAULT_SKAFFOLD, SKAFFOLD_VERSIONS } from "./render/versions.ts";
import type { SentRelease } from "./requests.ts";
import { requireCallerActsAs } from "./rules/account.ts";
import { readMetadata } from "./rules/metadata.ts";
import { joinParameters, requireParameters } from "./rules/parameters.ts";
import { refusal, required } from "./rules/refusal.ts";
import {
  type DeliveryPipeline,
  type Release,
  type Stage,
  type Target,
  deliveryOf,
} from "./state.ts";

/** The release as it is created, its render under way. Throws what Google throws on one that cannot be. */
export function planRelease(
  cloud: Cloud,
  name: string,
  sent: SentRelease,
  caller: Member,
): Release {
  const pipeline = findPipeline(cloud, pipelineOf(name));
  if (deliveryOf(cloud).releases.has(name)) {
    throw new GoogleError(
      "ALREADY_EXISTS",
      `Resource '${name}' already exists`,
    );
  }
  const { stages } = pipeline.serialPipeline;
  const targets = stages.map(({ targetId }) => {
    const target = targetName(name, targetId);
    return requireFound(deliveryOf(cloud).targets.get(target), target);
  });
  requireParameters("release", sent.deployParameters);
  stages.forEach((stage, index) => {
    requireRenderable(cloud, sent, stage, targets[index], caller);
  });
  const now = new Date().toISOString();
  return {
    name,
    uid: newId(),
    ...readMetadata(sent),
    ...readSource(sent),
    createTime: now,
    etag: newId().slice(0, 16),
    renderState: "IN_PROGRESS",
    renderStartTime: now,
    deliveryPipelineSnapshot: structuredClone(pipeline),
    targetSnapshots: structuredClone(targets),
    targetRenders: Object.fromEntries(
      stages.map(({ targetId }) => [
        targetId,
        { renderingBuild: newBuild(name), renderingState: "IN_PROGRESS" },
      ]),
    ),
  };
}

function findPipeline(cloud: Cloud, name: string): DeliveryPipeline {
  const pipeline = requireFound(deliveryOf(cloud).pipelines.get(name), name);
  if (pipeline.suspended === true) {
    throw notReady(`delivery pipeline '${name}' is suspended`);
  }
  if (pipeline.serialPipeline.stages.length === 0) {
    throw notReady(`delivery pipeline '${name}' has no stages`);
  }
  const missing = missingTargets(cloud, pipeline);
  if (missing.length > 0) {
    throw notReady(
      `delivery pipeline '${name}' refers to targets that do not exist: ${missing.join(", ")}`,
    );
  }
  return pipeline;
}

function requireRenderable(
  cloud: Cloud,
  sent: SentRelease,
  stage: Stage,
  target: Target | undefined,
  caller: Member,
): void {
  if (target === undefined) return;
  joinParameters(target, stage, sent.deployParameters);
  const account = executionAccount(cloud, target, "RENDER");
  requireCallerActsAs(cloud, account, caller);
}

function readSource(sent: SentRelease): Partial<Release> {
  const { skaffoldConfigPath, buildArtifacts, deployParameters } = sent;
  const uri = required(sent.skaffoldConfigUri, "skaffold_config_uri");
  if (!/^gs:\/\/[^/]+\/.+$/.test(uri)) {
    throw refusal(
      `skaffold_config_uri "${uri}" must match gs://{bucket}/{object}`,
    );
  }
  const skaffoldVersion = sent.skaffoldVersion ?? DEFAULT_SKAFFOLD;
  if (!SKAFFOLD_VERSIONS.some(({ version }) => version === skaffoldVersion)) {
    throw refusal(`skaffold_version "${skaffoldVersion}" is not supported`);
  }
  return {
    ...(buildArtifacts && { buildArtifacts }),
    skaffoldConfigUri: uri,
    ...(skaffoldConfigPath !== undefined && { skaffoldConfigPath }),
    skaffoldVersion,
    ...(deployParameters && { deployParameters }),
  };
}

/** The build that renders for one target. */
function newBuild(release: string): string {
  const { project, location } = placeOf(release);
  return `projects/${project}/locations/${location}/builds/${randomUUID()}`;
}

function newId(): string {
  return randomUUID().replaceAll("-", "");
}

function notReady(text: string): GoogleError {
  return new GoogleError("FAILED_PRECONDITION", text);
}
