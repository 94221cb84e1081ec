import { setTimeout } from "node:timers/promises";
import { say } from "../cli/terminal.ts";
import { timed } from "../cli/timings.ts";
import { whileWaiting } from "../cli/waiting.ts";
import { isNotYetVisible } from "../google/not-yet-visible.ts";
import { type Plan, stepsOf } from "./step.ts";

/**
 * Seconds between tries, seven minutes in all: "typically 2 minutes, potentially 7
 * minutes or longer" (IAM docs, "Access change propagation"). They grow slowly: an
 * account, its roles and its secrets are waited for one after the other.
 */
const WAITS = [5, 5, 10, 10, 20, 20, 30, 30, 40, 40, 60, 60, 60, 30];

/**
 * Runs an attempt that reads, plans and applies. Where Google has not seen a new
 * account, permission or API everywhere yet, it runs again from what is there;
 * `again` tells the attempt that new keys have been stored already.
 */
export async function converge<T>(
  attempt: (again: boolean) => Promise<T>,
  waits: readonly number[] = WAITS,
): Promise<T> {
  for (const [index, seconds] of waits.entries()) {
    try {
      return await attempt(index > 0);
    } catch (error) {
      if (!isNotYetVisible(error)) throw error;
      say(
        `Google has not seen a new account, permission or API everywhere yet; trying again in ${String(seconds)} s`,
      );
      await whileWaiting(
        { what: "Waiting for Google to see what is new", upTo: seconds },
        () => timed("waits", () => setTimeout(seconds * 1000)),
      );
    }
  }
  return attempt(true);
}

/** How long a verification waits for what the plan made to be seen everywhere. */
export function settleSeconds<Effects>(plan: Plan<Effects>): number {
  return stepsOf(plan).some((step) => step.spreads) ? 420 : 30;
}
