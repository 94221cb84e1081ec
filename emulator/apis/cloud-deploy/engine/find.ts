import type { Cloud } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";
import type { Rollout } from "../rollout.ts";
import {
  type RenderedPhase,
  type RenderedTarget,
  type Stage,
  type StoredRelease,
  type Target,
  deliveryOf,
} from "../state.ts";
import { idOf, parentOf, pipelineOf, targetName } from "./names.ts";

/** Everything that a rollout works with. */
export interface RolloutParts {
  release: StoredRelease;
  stage: Stage;
  /** As it was when the release was made. */
  target: Target;
  rendered: RenderedTarget;
}

/** Throws NOT_FOUND in Google's words. */
export function requireFound<T>(found: T | undefined, name: string): T {
  if (found !== undefined) return found;
  throw new GoogleError("NOT_FOUND", `Resource '${name}' was not found`);
}

/** Throws INVALID_ARGUMENT where the release has no such stage. */
export function findStage(
  { resource }: StoredRelease,
  targetId: string,
): { stage: Stage; target: Target } {
  const stage = resource.deliveryPipelineSnapshot.serialPipeline.stages.find(
    (candidate) => candidate.targetId === targetId,
  );
  const target = resource.targetSnapshots.find(
    ({ name }) => idOf(name) === targetId,
  );
  if (stage !== undefined && target !== undefined) return { stage, target };
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `target "${targetId}" is not a stage of the delivery pipeline of release "${resource.name}"`,
  );
}

/** Throws FAILED_PRECONDITION where the render failed. */
export function findParts(cloud: Cloud, rollout: Rollout): RolloutParts {
  const name = parentOf(rollout.name);
  const release = requireFound(deliveryOf(cloud).releases.get(name), name);
  const rendered = release.rendered.get(rollout.targetId);
  if (rendered === undefined) {
    throw new GoogleError(
      "FAILED_PRECONDITION",
      `release "${name}" has no rendered manifest for target "${rollout.targetId}"`,
    );
  }
  return { release, rendered, ...findStage(release, rollout.targetId) };
}

/** What a phase of the rollout deploys and runs. Throws FAILED_PRECONDITION where the render failed. */
export function findRendered(
  cloud: Cloud,
  rollout: Rollout,
  phaseId: string,
): RenderedPhase {
  const found = findParts(cloud, rollout).rendered.phases.get(phaseId);
  if (found !== undefined) return found;
  throw new GoogleError(
    "FAILED_PRECONDITION",
    `rollout "${rollout.name}" has no rendered phase "${phaseId}"`,
  );
}

/** The rollouts to the same target, of whatever release, oldest first. */
export function rolloutsOnTarget(cloud: Cloud, rollout: Rollout): Rollout[] {
  const pipeline = pipelineOf(rollout.name);
  const target = targetName(rollout.name, rollout.targetId);
  // Pipelines may share a target.
  return [...deliveryOf(cloud).rollouts.values()].filter(
    ({ name, targetId }) =>
      targetName(name, targetId) === target ||
      (pipelineOf(name) === pipeline && targetId === rollout.targetId),
  );
}

/** Rollouts of this pipeline that reached the target, the latest first. */
export function succeededRollouts(
  cloud: Cloud,
  pipeline: string,
  targetId: string,
): Rollout[] {
  return [...deliveryOf(cloud).rollouts.values()]
    .filter(
      (rollout) =>
        pipelineOf(rollout.name) === pipeline &&
        rollout.targetId === targetId &&
        rollout.state === "SUCCEEDED",
    )
    .reverse()
    .sort((one, other) =>
      (other.deployEndTime ?? "").localeCompare(one.deployEndTime ?? ""),
    );
}
