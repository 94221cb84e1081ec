import type { Call, Sent } from "./call.ts";

/** What a run never goes beyond. */
export interface Bounds {
  /** Calls in flight at once. */
  concurrency: number;
  /** After them no call starts. */
  seconds: number;
  calls: number;
  /** Calls a second, each at its time (open loop); undefined: each as soon as another one has ended (closed loop). */
  rate?: number | undefined;
}

/** Milliseconds since the run began. */
export interface Clock {
  now: () => number;
  sleep: (milliseconds: number) => Promise<void>;
}

/** A run under way; what was measured so far can be read at any time. */
export interface LoadRun {
  readonly calls: readonly Call[];
  readonly inFlight: number;
  /** Calls whose turn has come, or will. */
  readonly taken: number;
  /** Whether it ended early, since call after call failed. */
  readonly gaveUp: boolean;
  /** Milliseconds. */
  readonly now: () => number;
  readonly done: Promise<void>;
}

/** So many failures in a row, and nothing is learned from more of them. */
export const HOPELESS = 50;

/** Sends calls within the bounds. Throws only what `send` throws. */
export function startLoad(
  { concurrency, seconds, calls: most, rate }: Bounds,
  send: () => Promise<Sent>,
  clock: Clock,
): LoadRun {
  const calls: Call[] = [];
  let taken = 0;
  let inFlight = 0;
  let failuresInRow = 0;
  const isHopeless = (): boolean => failuresInRow >= HOPELESS;

  /** When the next call is due; undefined where there is none. */
  function takeNext(): number | undefined {
    const now = clock.now();
    const due = rate === undefined ? now : (taken * 1000) / rate;
    const isOver = Math.max(now, due) >= seconds * 1000;
    if (isOver || taken >= most || isHopeless()) return undefined;
    taken += 1;
    return due;
  }

  async function keepCalling(): Promise<void> {
    for (;;) {
      const due = takeNext();
      if (due === undefined) return;
      const early = due - clock.now();
      if (early > 0) await clock.sleep(early);
      if (isHopeless()) return;
      inFlight += 1;
      const sent = await send();
      inFlight -= 1;
      failuresInRow = sent.failure === undefined ? 0 : failuresInRow + 1;
      calls.push({
        ...sent,
        due: rate === undefined ? sent.started : due,
        ended: clock.now(),
      });
    }
  }

  const callers = Array.from({ length: concurrency }, keepCalling);
  return {
    calls,
    get inFlight() {
      return inFlight;
    },
    get taken() {
      return taken;
    },
    get gaveUp() {
      return isHopeless();
    },
    now: clock.now,
    done: Promise.all(callers).then(() => undefined),
  };
}

/** Calls of a schedule that never started, since all that may be in flight were. */
export function countMissed(
  { seconds, calls, rate }: Bounds,
  { taken, gaveUp }: Pick<LoadRun, "taken" | "gaveUp">,
): number {
  if (rate === undefined || gaveUp) return 0;
  return Math.min(calls, Math.ceil(seconds * rate)) - taken;
}
