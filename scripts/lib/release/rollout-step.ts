import type { RolloutEffects } from "./effects.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import * as commands from "../google/commands/deploy.ts";
import type { RolloutId } from "../google/commands/deploy.ts";
import { bashExpression, formatCommand } from "../google/gcloud.ts";
import {
  type AutomationRun,
  type Rollout,
  releaseOf,
} from "./release-state.ts";
import { idOf } from "../pipeline/pipeline-state.ts";
import { rolloutName } from "./read-releases.ts";
import { type Step, gcloudStep } from "../plan/step.ts";

/** The next rollout of a release to a target, named as gcloud names it. `rollouts`: those to the target. */
export function nextRollout(
  release: string,
  target: string,
  rollouts: readonly Rollout[],
): RolloutId {
  const taken = rollouts.filter((r) => releaseOf(r) === release).map(idOf);
  for (let number = 1; ; number += 1) {
    const rollout = `${release}-to-${target}-${String(number).padStart(4, "0")}`;
    if (!taken.includes(rollout)) return { release, target, rollout };
  }
}

export function idsOf(rollout: Rollout): RolloutId {
  const { targetId: target } = rollout;
  return { release: releaseOf(rollout), target, rollout: idOf(rollout) };
}

/** Waits until a rollout has ended; fails when it failed. */
export function followStep(
  place: PipelinePlace,
  id: RolloutId,
): Step<RolloutEffects> {
  return watchStep(place, id, `Follow ${id.rollout} to its end`, [
    "SUCCEEDED) break ;;",
    "*PENDING* | IN_PROGRESS | CANCELLING) sleep 5 ;;",
  ]);
}

/** Approves a rollout where it waits for that, once its release is rendered. */
export function approveIfAskedStep(
  place: PipelinePlace,
  id: RolloutId,
): Step<RolloutEffects> {
  const { release, rollout } = id;
  const approve = commands.approveRollout(place, release, rollout);
  const step = watchStep(
    place,
    id,
    `Approve ${rollout}, if it waits for that`,
    [
      "PENDING_RELEASE) sleep 5 ;;",
      `PENDING_APPROVAL) ${formatCommand(approve)} && break ;;`,
      "PENDING | IN_PROGRESS | SUCCEEDED) break ;;",
    ],
  );
  return {
    ...step,
    run: async ({ gcloud, awaitRendered }) => {
      const name = rolloutName(place, release, rollout);
      if ((await awaitRendered(name)) !== "PENDING_APPROVAL") return;
      await gcloud(approve);
    },
  };
}

/**
 * Cancels what an automation is to do now that a rollback has succeeded: the
 * promote rule knows no exception for it ("Using automation rules").
 */
export function keepFromPromotionStep(
  place: PipelinePlace,
  id: RolloutId,
): Step<RolloutEffects> {
  const name = rolloutName(place, id.release, id.rollout);
  const list = formatCommand(commands.listPromotions(place, id));
  const cancel = formatCommand(
    commands.cancelAutomationRun(place, bashExpression("$run")),
  );
  return {
    title: `Keep ${id.release} from being promoted to the next stage`,
    shown: list,
    preview: `for run in $(${list}); do ${cancel}; done`,
    run: ({ cancelPromotions }) => cancelPromotions(id.target, name),
  };
}

/** Looks at a rollout's state again and again. `cases`: what bash does at which one; it stops at any other. */
function watchStep(
  place: PipelinePlace,
  { release, target, rollout }: RolloutId,
  title: string,
  cases: readonly string[],
): Step<RolloutEffects> {
  const command = formatCommand(
    commands.describeRollout(place, release, rollout),
  );
  return {
    title,
    shown: command,
    preview: [
      `while state="$(${command})"; do`,
      '  case "$state" in',
      ...cases.map((line) => `    ${line}`),
      `    *) echo "${target}: $state" >&2 && exit 1 ;;`,
      "  esac",
      "done",
    ].join("\n"),
    run: async ({ follow }) => {
      await follow(rolloutName(place, release, rollout));
    },
  };
}

/** Rolls a release out to another target, or to the same one again. */
export function promoteStep(place: PipelinePlace, id: RolloutId): Step {
  return gcloudStep(
    `Roll ${id.release} out to ${id.target}`,
    commands.promoteRelease(place, id),
  );
}

export function approveStep(place: PipelinePlace, id: RolloutId): Step {
  return gcloudStep(
    `Approve ${id.rollout}`,
    commands.approveRollout(place, id.release, id.rollout),
  );
}

/** What a person does now is not done again by an automation that waits. */
export function cancelSteps(
  place: PipelinePlace,
  runs: readonly AutomationRun[],
): Step[] {
  return runs.map((run) =>
    gcloudStep(
      `Cancel what automation ${run.automationId} waits to do`,
      commands.cancelAutomationRun(place, idOf(run)),
    ),
  );
}
