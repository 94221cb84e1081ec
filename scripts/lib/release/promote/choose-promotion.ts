import { scriptCommand } from "../../cli/script-command.ts";
import { listRollouts } from "../../google/commands/deploy.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { PipelineId } from "../../google/places.ts";
import { InputError, UserError } from "../../cli/errors.ts";
import { idOf } from "../../pipeline/pipeline-state.ts";
import {
  type Rollout,
  findCurrent,
  isUnderWay,
  isVerified,
  releaseOf,
} from "../release-state.ts";

export interface PromotionWish {
  /** The env; undefined: the next stage after the furthest good one. */
  target: string | undefined;
  /** Undefined: what the stage before the target has. */
  release: string | undefined;
}

export interface Promotion {
  release: string;
  /** The stage before: there it was verified. */
  from: string;
  target: string;
  /** The release's rollout to the target: one that has not ended, or the one that it has the release by. */
  rollout: Rollout | undefined;
  /** The target has the release already. */
  done: boolean;
}

/** The rollouts to each stage, the newest first, by its env. */
export type History = ReadonlyMap<string, readonly Rollout[]>;

/**
 * What is promoted where. Throws UserError where it was not verified on the
 * stage before, or failed on the target and nobody named that. `stages`: in order.
 */
export function choosePromotion(
  stages: readonly string[],
  history: History,
  wish: PromotionWish,
  place: PipelineId,
): Promotion | undefined {
  const at = (stage: string): readonly Rollout[] => history.get(stage) ?? [];
  const target = wish.target ?? findNext(stages, at, wish.release);
  if (target === undefined) return undefined;
  const from = findPrevious(stages, target);
  const release = wish.release ?? currentRelease(from, at(from));
  requireVerified(place, release, from, at(from));
  const own = at(target).filter((r) => releaseOf(r) === release);
  const running = own.find(
    (r) => isUnderWay(r) || r.state === "PENDING_APPROVAL",
  );
  const current = findCurrent(at(target));
  const done =
    running === undefined && current !== undefined && own.includes(current);
  if (wish.target === undefined && running === undefined && !done) {
    refuseFailed(release, target, own);
  }
  const rollout = running ?? (done ? current : undefined);
  return { release, from, target, rollout, done };
}

/** The first stage that does not have the release which the first one has; undefined: all have it. */
function findNext(
  stages: readonly string[],
  at: (stage: string) => readonly Rollout[],
  wanted: string | undefined,
): string | undefined {
  const [first = ""] = stages;
  const release = wanted ?? currentRelease(first, at(first));
  return stages.slice(1).find((stage) => {
    const current = findCurrent(at(stage));
    return current === undefined || releaseOf(current) !== release;
  });
}

function findPrevious(stages: readonly string[], target: string): string {
  const previous = stages[stages.indexOf(target) - 1];
  if (previous !== undefined) return previous;
  throw new InputError(`${target} is the first stage: a release begins there`, {
    hint: `Make one: ${scriptCommand("release")}`,
  });
}

function currentRelease(stage: string, rollouts: readonly Rollout[]): string {
  const current = findCurrent(rollouts);
  if (current !== undefined) return releaseOf(current);
  throw new UserError(`no release has reached ${stage} yet`, {
    hint: `Make one: ${scriptCommand("release")}`,
  });
}

/** Nothing is promoted that was not verified on the stage before. */
function requireVerified(
  place: PipelineId,
  release: string,
  stage: string,
  rollouts: readonly Rollout[],
): void {
  const own = rollouts.filter((r) => releaseOf(r) === release);
  if (own.some(isVerified)) return;
  const [latest] = own;
  const why =
    latest === undefined
      ? `was never rolled out to ${stage}`
      : latest.state === "SUCCEEDED"
        ? `was not verified on ${stage}: somebody ignored its verification`
        : `did not succeed on ${stage}: its rollout is ${latest.state.toLowerCase().replace("_", " ")}`;
  throw new UserError(`release ${release} ${why}`, {
    hint: `See it: ${formatCommand(listRollouts(place, release))}`,
  });
}

/** A release that failed, or that was taken back, does not come again by default. */
function refuseFailed(
  release: string,
  target: string,
  own: readonly Rollout[],
): void {
  const [latest] = own;
  if (latest === undefined || latest.state === "CANCELLED") return;
  const what =
    latest.state === "SUCCEEDED"
      ? "was rolled back from"
      : latest.state === "APPROVAL_REJECTED"
        ? "was rejected for"
        : "failed on";
  throw new UserError(
    `release ${release} ${what} ${target} (${idOf(latest)})`,
    {
      hint: `Release a mended one: ${scriptCommand("release")}. Or promote it all the same: ${scriptCommand("promote", target, `--release=${release}`)}`,
    },
  );
}
