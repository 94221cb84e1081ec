import type { Phase, Rollout } from "../rollout.ts";
import { automationsFor, RunAborted, startRun } from "./automation-run.ts";
import { advanceRollout } from "./commands.ts";
import type { EngineContext } from "./context.ts";
import { pause, toMilliseconds } from "./pause.ts";
import { nextPhase } from "./progress.ts";

/** Starts the first rule that advances a rollout from the phase that has just succeeded. */
export function startAdvance(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
): void {
  const next = nextPhase(rollout);
  if (next === undefined) return;
  for (const automation of automationsFor(context, rollout)) {
    for (const { advanceRolloutRule: rule } of automation.rules) {
      const phases = rule?.sourcePhases ?? [];
      if (rule === undefined) continue;
      if (phases.length > 0 && !phases.includes(phase.id)) continue;
      const operation = {
        rollout: rollout.name,
        sourcePhase: phase.id,
        destinationPhase: next.id,
        wait: rule.wait ?? "0s",
      };
      const run = startRun(
        context,
        rollout,
        automation,
        rule.id,
        { advanceRolloutOperation: operation },
        async (running, signal) => {
          await pause(context, running, toMilliseconds(rule.wait), signal);
          if (nextPhase(rollout) !== next || rollout.state !== "IN_PROGRESS") {
            throw new RunAborted(
              `Phase ${next.id} is not the next one any more.`,
            );
          }
          advanceRollout(context, rollout, next.id);
        },
      );
      const known = rollout.metadata?.automation;
      rollout.metadata = {
        ...rollout.metadata,
        automation: {
          ...known,
          advanceAutomationRuns: [
            ...(known?.advanceAutomationRuns ?? []),
            run.name,
          ],
        },
      };
      return;
    }
  }
}
