import type { RolloutEffects } from "../effects.ts";
import type { RolloutId } from "../../google/commands/deploy.ts";
import type { PipelinePlace } from "../../pipeline/place.ts";
import type { AutomationRun, Release, Rollout } from "../release-state.ts";
import { idOf } from "../../pipeline/pipeline-state.ts";
import type { Promotion } from "./choose-promotion.ts";
import {
  approveIfAskedStep,
  approveStep,
  cancelSteps,
  followStep,
  idsOf,
  nextRollout,
  promoteStep,
} from "../rollout-step.ts";
import { type Plan, type Step, compact } from "../../plan/step.ts";

export interface PromoteInput {
  place: PipelinePlace;
  promotion: Promotion;
  release: Release;
  /** To the target. */
  rollouts: readonly Rollout[];
  /** What automations are still to do to bring the release there. */
  waiting: readonly AutomationRun[];
  /** Approves the rollout where it waits for that. */
  approve: boolean;
}

export interface PromotePlan {
  plan: Plan<RolloutEffects>;
  rollout: RolloutId;
  /** It waits for a person, and this run does not approve it. */
  waits: boolean;
}

/** Makes the rollout (or takes the one that is there), approves it, follows it to its end. */
export function planPromote(input: PromoteInput): PromotePlan {
  const { place, promotion, rollouts, approve, waiting } = input;
  const { release, target, rollout: found, done } = promotion;
  const id =
    found === undefined ? nextRollout(release, target, rollouts) : idsOf(found);
  if (done) return { plan: [], rollout: id, waits: false };
  const asks =
    found === undefined
      ? needsApproval(input.release, target)
      : found.state === "PENDING_APPROVAL";
  const waits = asks && !approve;
  return {
    rollout: id,
    waits,
    plan: compact<RolloutEffects>([
      [
        [
          ...(found === undefined
            ? [...cancelSteps(place, waiting), promoteStep(place, id)]
            : []),
          ...(asks && approve ? [approvalStep(place, id, found)] : []),
          ...(waits ? [] : [followStep(place, id)]),
        ],
      ],
    ]),
  };
}

/** One that waits is approved; one that is about to be made may not wait at all. */
function approvalStep(
  place: PipelinePlace,
  id: RolloutId,
  found: Rollout | undefined,
): Step<RolloutEffects> {
  return found === undefined
    ? approveIfAskedStep(place, id)
    : approveStep(place, id);
}

/** As the target was when the release was made: that is what counts. */
export function needsApproval(
  { targetSnapshots = [] }: Release,
  target: string,
): boolean {
  return (
    targetSnapshots.find((t) => idOf(t) === target)?.requireApproval === true
  );
}
