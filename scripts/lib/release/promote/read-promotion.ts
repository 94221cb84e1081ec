import { scriptCommand } from "../../cli/script-command.ts";
import { listReleases } from "../../google/commands/deploy.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { UserError } from "../../cli/errors.ts";
import {
  type Promotion,
  type PromotionWish,
  choosePromotion,
} from "./choose-promotion.ts";
import { listReasons, parametersOf } from "../release-pins.ts";
import {
  readRelease,
  readRollouts,
  readWaitingRuns,
} from "../read-releases.ts";
import { readState } from "../../service/state/read-state.ts";
import {
  type AutomationRun,
  type Release,
  type Rollout,
  findCurrent,
  releaseOf,
} from "../release-state.ts";
import { listChangesSinceMade } from "../stage-record.ts";
import type { PipelineSession } from "../../pipeline/session.ts";

export interface FoundPromotion {
  promotion: Promotion;
  release: Release;
  /** What the target has now. */
  current: Release | undefined;
  /** To the target, the newest first. */
  rollouts: readonly Rollout[];
  /** Automations that are still to promote to the target. */
  waiting: readonly AutomationRun[];
}

/** Finds what is to be promoted, and sees that it can be; undefined: every stage has it. */
export async function readPromotion(
  session: PipelineSession,
  wish: PromotionWish,
): Promise<FoundPromotion | undefined> {
  const { read, place, stages } = session;
  const history = new Map(
    await Promise.all(
      stages.map(
        async ({ env }) => [env, await readRollouts(read, place, env)] as const,
      ),
    ),
  );
  const envs = stages.map((s) => s.env);
  const promotion = choosePromotion(envs, history, wish, place);
  if (promotion === undefined) return undefined;
  const rollouts = history.get(promotion.target) ?? [];
  const now = findCurrent(rollouts);
  const [release, current, runs] = await Promise.all([
    readRelease(read, place, promotion.release),
    now && readRelease(read, place, releaseOf(now)),
    readWaitingRuns(read, place, promotion.from),
  ]);
  if (release === undefined) {
    throw new UserError(`there is no release ${promotion.release}`, {
      hint: `See them: ${formatCommand(listReleases(place))}`,
    });
  }
  if (!promotion.done) await requireRunnable(session, promotion, release);
  const waiting = runs.filter(
    (r) => r.promoteReleaseOperation?.targetId === promotion.target,
  );
  return { promotion, release, current, rollouts, waiting };
}

/** What the release names must still be there: its rollout would fail halfway. */
async function requireRunnable(
  { stages, readAs }: PipelineSession,
  { target }: Promotion,
  release: Release,
): Promise<void> {
  const settings = stages.find((s) => s.env === target);
  if (settings === undefined) return;
  const state = await readState(readAs(settings.projectId), settings);
  const parameters = parametersOf(release, target);
  const { obstacle, deadKeys } = listReasons(settings, state, parameters);
  const reasons = [
    obstacle ?? [],
    deadKeys,
    // Its canary would put these back.
    listChangesSinceMade(release, target, state.service).map(
      (change) => `since it was made, ${change}`,
    ),
  ].flat();
  if (reasons.length === 0 && release.abandoned !== true) return;
  const why =
    release.abandoned === true ? "it was abandoned" : reasons.join("; ");
  throw new UserError(
    `release ${release.name.split("/").at(-1) ?? ""} cannot go to ${target}: ${why}`,
    { hint: `Make a new one: ${scriptCommand("release")}` },
  );
}
