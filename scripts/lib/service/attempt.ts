import { randomInt } from "node:crypto";
import type { Settings } from "../settings/settings.ts";

/** One try at giving a service another revision. */
export interface Attempt {
  settings: Settings;
  /** Tells this attempt's revision and tag from all others: 4 to 7 letters and digits. */
  attempt: string;
}

/** Seven letters and digits: seconds in base 36, which sort by time for almost two years, then chance for runs of one second. */
export function newAttempt(now: Date = new Date()): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(36);
  const chance = randomInt(36 ** 2).toString(36);
  return `${seconds.slice(-5)}${chance.padStart(2, "0")}`;
}

export function revisionName(service: string, attempt: string): string {
  return `${service}-${attempt}`;
}
