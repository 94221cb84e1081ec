import { randomInt } from "node:crypto";
import type { Settings } from "../settings/settings.ts";

/** One try at giving a service another revision. */
export interface Attempt {
  settings: Settings;
  /** Tells this attempt's revision and tag from all others: 4 to 7 letters and digits. */
  attempt: string;
}

/** Seven letters and digits that sort by time: seconds in base 36, then chance. */
export function newAttempt(now: Date = new Date()): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(36);
  return `${seconds}${randomInt(36).toString(36)}`.slice(-7);
}

export function revisionName(service: string, attempt: string): string {
  return `${service}-${attempt}`;
}
