import type { Rollout } from "../rollout.ts";
import { automationsFor, RunAborted, startRun } from "./automation-run.ts";
import type { EngineContext } from "./context.ts";
import { createRollout, newRolloutId } from "./create-rollout.ts";
import { findParts, succeededRollouts } from "./find.ts";
import { idOf, parentOf, pipelineOf } from "./names.ts";
import { pause, toMilliseconds } from "./pause.ts";

/**
 * Starts every rule that promotes the release of a rollout that has just succeeded. "Using automation rules" knows no
 * exception: that of a rollback is promoted like any other.
 */
export function startPromotions(
  context: EngineContext,
  rollout: Rollout,
): void {
  for (const automation of automationsFor(context, rollout)) {
    for (const { promoteReleaseRule: rule } of automation.rules) {
      if (rule === undefined) continue;
      const targetId = destination(context, rollout, rule.destinationTargetId);
      if (targetId === undefined) continue;
      const run = startRun(
        context,
        rollout,
        automation,
        rule.id,
        {
          promoteReleaseOperation: {
            rollout: rollout.name,
            targetId,
            wait: rule.wait ?? "0s",
          },
        },
        async (running, signal) => {
          await pause(context, running, toMilliseconds(rule.wait), signal);
          promote(context, rollout, targetId, rule.destinationPhase ?? "");
        },
      );
      rollout.metadata = {
        ...rollout.metadata,
        automation: {
          ...rollout.metadata?.automation,
          promoteAutomationRun: run.name,
        },
      };
    }
  }
}

function promote(
  context: EngineContext,
  source: Rollout,
  targetId: string,
  startingPhaseId: string,
): void {
  const release = parentOf(source.name);
  const pipeline = pipelineOf(release);
  const [current] = succeededRollouts(context.cloud, pipeline, source.targetId);
  if (current !== source) {
    throw new RunAborted(
      `Release ${idOf(release)} is no longer the one on target ${source.targetId}.`,
    );
  }
  createRollout(context, {
    release,
    rolloutId: newRolloutId(context.cloud, release, targetId),
    targetId,
    startingPhaseId,
  });
}

/** `@next`, the default, is the stage after that of the rollout; the last one has none. */
function destination(
  { cloud }: EngineContext,
  rollout: Rollout,
  wanted = "@next",
): string | undefined {
  if (wanted !== "@next") return wanted;
  const { resource } = findParts(cloud, rollout).release;
  const { stages } = resource.deliveryPipelineSnapshot.serialPipeline;
  const index = stages.findIndex((s) => s.targetId === rollout.targetId);
  return stages[index + 1]?.targetId;
}
