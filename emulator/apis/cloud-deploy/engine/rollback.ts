import { GoogleError } from "../../../core/google-error.ts";
import type { Cloud } from "../../../core/cloud.ts";
import type { Rollout } from "../rollout.ts";
import { requireFound, succeededRollouts } from "./find.ts";
import { parentOf, pipelineOf } from "./names.ts";
import { deliveryOf } from "../state.ts";

export interface RollbackPlan {
  /** Full name of the release to go back to. */
  release: string;
  /** The rollout that is taken back. */
  undone: Rollout;
}

/**
 * What a rollback of a target goes back to: the given release, or that of the last good rollout before the latest one.
 * Throws FAILED_PRECONDITION where there is none.
 */
export function planRollback(
  cloud: Cloud,
  pipeline: string,
  targetId: string,
  wanted: { releaseId?: string; rolloutToRollBack?: string },
): RollbackPlan {
  const latest = [...deliveryOf(cloud).rollouts.values()].findLast(
    (rollout) =>
      pipelineOf(rollout.name) === pipeline &&
      rollout.targetId === targetId &&
      rollout.deployStartTime !== undefined,
  );
  if (latest === undefined) {
    throw refusal(`target "${targetId}" has no rollout to roll back`);
  }
  const named = wanted.rolloutToRollBack;
  if (named !== undefined && named !== latest.name) {
    throw refusal(
      `rollout "${named}" is not the latest one on target "${targetId}"`,
    );
  }
  if (wanted.releaseId !== undefined) {
    const release = `${pipeline}/releases/${wanted.releaseId}`;
    requireFound(deliveryOf(cloud).releases.get(release), release);
    return { release, undone: latest };
  }
  const current = parentOf(latest.name);
  const good = succeededRollouts(cloud, pipeline, targetId)
    .map(({ name }) => parentOf(name))
    .find(
      (release) =>
        release !== current &&
        deliveryOf(cloud).releases.get(release)?.resource.abandoned !== true,
    );
  if (good !== undefined) return { release: good, undone: latest };
  throw refusal(
    `target "${targetId}" has no earlier successful release to roll back to`,
  );
}

function refusal(text: string): GoogleError {
  return new GoogleError("FAILED_PRECONDITION", text);
}
