import { setTimeout } from "node:timers/promises";
import { type AutomationRun, isBecauseOf } from "./release-state.ts";

/** Looks, one a second: an automation's run shows a moment after the rollout's success. */
const LOOKS = 15;

/** The promotions that a rollout (its full name) has set off. `read`: what automations are still to do. */
export async function findPromotions(
  read: () => Promise<readonly AutomationRun[]>,
  rollout: string,
): Promise<AutomationRun[]> {
  for (let look = 1; ; look += 1) {
    const found = (await read()).filter(
      (run) =>
        run.promoteReleaseOperation !== undefined &&
        isBecauseOf(run, { name: rollout }),
    );
    if (found.length > 0 || look === LOOKS) return found;
    await setTimeout(1000);
  }
}
