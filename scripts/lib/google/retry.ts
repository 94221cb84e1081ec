import { setTimeout } from "node:timers/promises";
import { InputError } from "../cli/errors.ts";
import { timed } from "../cli/timings.ts";
import { readProcessEnv } from "../cli/process-env.ts";

/** What may be over in a moment. */
export interface Trouble<T> {
  /** For people: `run.googleapis.com answers 503`. */
  why: string;
  /** What comes of it where it does not pass; it may throw. */
  giveUp: () => T;
  /** Seconds that the other side asks to be left alone. */
  pause?: number | undefined;
}

export interface RetryOptions {
  /** No try begins later than this. */
  seconds: number;
  /** Told once where it does not pass at once. */
  tell?: (line: string) => void;
}

/** About what gcloud gives its own calls. */
const DEFAULT_SECONDS = 60;
const FIRST_PAUSE = 0.5;
const LONGEST_PAUSE = 8;

/** What passes so quickly is not worth a word. */
const SILENT_TRIES = 2;

/**
 * Tries until it is done, with pauses that double and are drawn by lot: many
 * that failed together do not come back together.
 */
export async function retry<T>(
  attempt: (tries: number) => Promise<{ done: T } | Trouble<T>>,
  { seconds, tell = () => undefined }: RetryOptions,
): Promise<T> {
  const began = performance.now();
  for (let tries = 0; ; tries += 1) {
    const outcome = await attempt(tries);
    if ("done" in outcome) return outcome.done;
    const { why, pause = 0, giveUp } = outcome;
    const wait = Math.max(pause, drawPause(tries)) * 1000;
    if (performance.now() - began + wait > seconds * 1000) return giveUp();
    if (tries === SILENT_TRIES || pause > LONGEST_PAUSE) {
      tell(
        `${why}; trying again for up to ${String(seconds)} s (GOOGLE_RETRY_SECONDS)`,
      );
    }
    await timed("waits", () => setTimeout(wait));
  }
}

/** Seconds: between half and all of a pause that doubles each time. */
function drawPause(tries: number): number {
  const pause = Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);
  return pause * (0.5 + Math.random() / 2);
}

/** GOOGLE_RETRY_SECONDS: how long a call to Google is tried again. Throws InputError where it is no number. */
export function readRetrySeconds(): number {
  return readSeconds("GOOGLE_RETRY_SECONDS", DEFAULT_SECONDS, 0);
}

/** Whole seconds of a variable of the shell, a day at most. */
export function readSeconds(
  name: string,
  otherwise: number,
  least: number,
): number {
  const text = readProcessEnv()[name] ?? "";
  if (text === "") return otherwise;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= least && seconds <= 86_400) {
    return seconds;
  }
  throw new InputError(
    `${name}=${text}: expected whole seconds, ${String(least)} to 86400`,
  );
}
