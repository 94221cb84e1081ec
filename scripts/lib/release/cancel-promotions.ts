import { setTimeout } from "node:timers/promises";
import { say } from "../cli/terminal.ts";
import { cancelAutomationRun } from "../google/commands/deploy.ts";
import { runGcloud } from "../google/gcloud.ts";
import type { ReadApi } from "../google/rest.ts";
import { idOf } from "../pipeline/pipeline-state.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import { readWaitingRuns } from "./read-releases.ts";
import { type AutomationRun, isBecauseOf } from "./release-state.ts";

/** Looks, one a second: an automation's run shows a moment after the rollout's success. */
const LOOKS = 15;

/**
 * Cancels what is to be promoted because of a rollout (its full name) to a
 * target. One that has begun meanwhile is only told of: the check before a
 * canary refuses it where a later release serves.
 */
export async function cancelPromotions(
  read: ReadApi,
  place: PipelinePlace,
  target: string,
  rollout: string,
): Promise<void> {
  const find = async (): Promise<AutomationRun[]> =>
    (await readWaitingRuns(read, place, target)).filter(
      (run) =>
        run.promoteReleaseOperation !== undefined &&
        isBecauseOf(run, { name: rollout }),
    );
  let runs = await find();
  for (let look = 1; look < LOOKS && runs.length === 0; look += 1) {
    await setTimeout(1000);
    runs = await find();
  }
  for (const run of runs) {
    try {
      await runGcloud(cancelAutomationRun(place, idOf(run)));
    } catch (error) {
      const left = await find();
      if (left.some(({ name }) => name === run.name)) throw error;
      say(
        "WARNING: an automation has already promoted it to the next stage, where a canary of it is refused while a later release serves",
      );
    }
  }
}
