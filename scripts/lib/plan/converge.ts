import { randomInt } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { GcloudError } from "../google/gcloud.ts";
import { type Plan, stepsOf } from "./step.ts";
import { say } from "../cli/terminal.ts";

/** Seconds between tries: IAM changes are visible everywhere after up to a minute or two (IAM docs, "Access change propagation"). */
const WAITS = [5, 10, 20, 40];

/** Of a role, an account, and an API that was just enabled. */
const NOT_YET_VISIBLE =
  /Permission denied on secret|Service account \S+ does not exist|has not been used in project \S+ before or it is disabled/;

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
      await setTimeout(seconds * 1000);
    }
  }
  return attempt(true);
}

/** Seven letters and digits that sort by time: seconds in base 36, then chance. */
export function newAttempt(now: Date = new Date()): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(36);
  return `${seconds}${randomInt(36).toString(36)}`.slice(-7);
}

/** How long a verification waits for what the plan made to be seen everywhere. */
export function settleSeconds({ plan }: { plan: Plan }): number {
  const grants = stepsOf(plan).some((step) =>
    /add-iam-policy-binding|services enable/.test(step.preview),
  );
  return grants ? 180 : 30;
}

/** Whether Google has just not seen something new everywhere yet. */
function isNotYetVisible(error: unknown): boolean {
  return error instanceof GcloudError && NOT_YET_VISIBLE.test(error.stderr);
}
