import { scriptCommand } from "../../cli/script-command.ts";
import { UserError } from "../../cli/errors.ts";
import { idOf } from "../../pipeline/pipeline-state.ts";
import { RESTORES } from "../../service/intent.ts";
import { type Rollout, isUnderWay, releaseOf } from "../release-state.ts";

/** Where a target can go back to. */
export interface Returns {
  /** The rollout that is taken back: the target's latest that began. */
  latest: Rollout;
  /** The latest has not ended. */
  unfinished: boolean;
  /** Releases that served before, the latest first; never what failed, or what was gone back from. */
  releases: string[];
}

/** Throws UserError where nothing was rolled out. `rollouts`: to the target, the newest first. */
export function listReturns(
  target: string,
  rollouts: readonly Rollout[],
): Returns {
  const latest = rollouts.find((r) => r.deployStartTime !== undefined);
  if (latest === undefined) {
    throw new UserError(`nothing was rolled out to ${target} yet`, {
      hint: `Make a release: ${scriptCommand("release")}`,
    });
  }
  const served = listServed(rollouts);
  const own = [releaseOf(latest), latest.annotations?.[RESTORES]];
  return {
    latest,
    unfinished: isUnderWay(latest),
    releases: served.filter((release) => !own.includes(release)),
  };
}

/** What a rollback takes: the one that is named, else the first. Throws UserError where there is none. */
export function chooseReturn(
  target: string,
  { latest, releases }: Returns,
  to: string | undefined,
): string {
  const [first] = releases;
  if (to !== undefined && releases.includes(to)) return to;
  // What is there, in the service as it is now.
  if (to === releaseOf(latest) && latest.state === "SUCCEEDED") return to;
  if (to !== undefined) {
    throw new UserError(`release ${to} did not serve in ${target} before`, {
      hint: `See what did: ${scriptCommand("rollback", target, "--list")}`,
    });
  }
  if (first !== undefined) return first;
  throw new UserError(
    `there is nothing to go back to: no other release served in ${target} before ${releaseOf(latest)}`,
    { hint: `Its rollout: ${idOf(latest)}` },
  );
}

/**
 * Releases as they served, the latest first. A release that comes again, or
 * that another one stands in for, takes back what served since.
 */
function listServed(rollouts: readonly Rollout[]): string[] {
  const served: string[] = [];
  const succeeded = rollouts
    .filter(({ state }) => state === "SUCCEEDED")
    .toSorted((a, b) =>
      (a.deployEndTime ?? "").localeCompare(b.deployEndTime ?? ""),
    );
  for (const rollout of succeeded) {
    const release = releaseOf(rollout);
    const restored = rollout.annotations?.[RESTORES] ?? release;
    const index = served.lastIndexOf(restored);
    if (index >= 0) served.splice(index);
    served.push(release);
  }
  return served.reverse();
}
