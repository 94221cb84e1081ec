import { setTimeout } from "node:timers/promises";
import { UserError } from "../cli/errors.ts";
import type { ReadApi } from "../google/rest.ts";
import { readRollout } from "./read-releases.ts";
import { type Rollout, isUnderWay } from "./release-state.ts";
import { say } from "../cli/terminal.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import { explainFailure } from "./rollout-failure.ts";
import { describeProgress } from "./rollout-progress.ts";

export interface FollowOptions {
  /** Whether an automation repairs what fails on a target: its work is waited for. */
  isRepaired: (target: string) => boolean;
  /** Waits for some milliseconds. */
  wait?: (milliseconds: number) => Promise<unknown>;
}

/** Looks at a failed rollout before no automation can be thought to repair it: about half a minute. */
const PATIENCE = 40;

/**
 * Follows a rollout to its end, and prints what happens. Returns it where it
 * succeeded or waits for a person's approval; throws UserError with the reason
 * where it failed. `name`: the full one.
 */
export async function followRollout(
  read: ReadApi,
  place: PipelinePlace,
  name: string,
  options: FollowOptions,
): Promise<Rollout> {
  const rollout = await watch(read, name, options);
  if (["SUCCEEDED", "PENDING_APPROVAL"].includes(rollout.state)) return rollout;
  const undone = await followRepair(read, rollout, options);
  throw await explainFailure(read, place, rollout, undone);
}

/** The state of a rollout once its release is rendered. `name`: the full one. */
export async function awaitRendered(
  read: ReadApi,
  name: string,
  wait: (milliseconds: number) => Promise<unknown> = setTimeout,
): Promise<Rollout["state"]> {
  for (let turn = 0; ; turn += 1) {
    const rollout = await readRollout(read, name);
    if (rollout === undefined) throw vanished(name);
    if (rollout.state !== "PENDING_RELEASE") return rollout.state;
    await wait(Math.min(5000, 500 + turn * 50));
  }
}

/** The rollout that an automation took the failed one back by, at its end. */
async function followRepair(
  read: ReadApi,
  rollout: Rollout,
  options: FollowOptions,
): Promise<Rollout | undefined> {
  const name = rollout.rolledBackByRollouts?.at(-1);
  if (name === undefined) return undefined;
  say(`  ${rollout.targetId}: Cloud Deploy rolls back`);
  return watch(read, name, { ...options, isRepaired: () => false });
}

async function watch(
  read: ReadApi,
  name: string,
  { isRepaired, wait = setTimeout }: FollowOptions,
): Promise<Rollout> {
  const told = new Set<string>();
  let failures = 0;
  for (let turn = 0; ; turn += 1) {
    const rollout = await readRollout(read, name);
    if (rollout === undefined) throw vanished(name);
    for (const line of describeProgress(rollout)) {
      if (!told.has(line)) say(`  ${line}`);
      told.add(line);
    }
    failures = rollout.state === "FAILED" ? failures + 1 : 0;
    const waits =
      failures > 0 &&
      isRepaired(rollout.targetId) &&
      isBeingRepaired(rollout, failures < PATIENCE);
    const goesOn = isUnderWay(rollout) || rollout.state === "CANCELLING";
    if (!goesOn && !waits) return rollout;
    // Every half second at first, every five later.
    await wait(Math.min(5000, 500 + turn * 50));
  }
}

/** A repair begins a moment after the failure, and ends with another state or another rollout. */
function isBeingRepaired(rollout: Rollout, early: boolean): boolean {
  if (rollout.activeRepairAutomationRun !== undefined) return true;
  const runs = rollout.metadata?.automation?.repairAutomationRuns ?? [];
  return runs.length === 0 && early;
}

function vanished(name: string): UserError {
  return new UserError(
    `there is no rollout ${name.split("/").at(-1) ?? name}`,
    {
      hint: "Somebody removed the pipeline at the same time. Run it again.",
    },
  );
}
