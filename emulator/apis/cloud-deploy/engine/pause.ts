import { setTimeout as delay } from "node:timers/promises";
import type { AutomationRun } from "../rollout.ts";
import type { EngineContext } from "./context.ts";

/** Milliseconds of a duration in Google's form, `600s`; 0 where there is none. */
export function toMilliseconds(duration: string | undefined): number {
  return Number(/^(\d+(?:\.\d+)?)s$/.exec(duration ?? "")?.[1] ?? 0) * 1000;
}

/** Waits as a rule says, but not longer than the emulator is told to. */
export async function pause(
  context: EngineContext,
  run: AutomationRun,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  if (milliseconds === 0) return;
  const { longestWait, log } = context;
  const wait = Math.min(milliseconds, longestWait());
  run.waitUntilTime = new Date(Date.now() + wait).toISOString();
  const short = wait < milliseconds ? `, here ${wait / 1000} s` : "";
  log(
    `Cloud Deploy: automation ${run.automationId} waits ${milliseconds / 1000} s${short}`,
  );
  await delay(wait, undefined, { signal });
  delete run.waitUntilTime;
}
