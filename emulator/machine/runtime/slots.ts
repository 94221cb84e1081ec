import type { Slots } from "./instance.ts";

/** Slots that can be closed for good: whoever waits then gets none. */
export interface ClosableSlots extends Slots {
  close(): void;
}

/** As many slots as the container takes requests at a time; 0 is no limit. */
export function createSlots(concurrency: number): ClosableSlots {
  const limit = concurrency === 0 ? Infinity : concurrency;
  const waiting: ((release: (() => void) | undefined) => void)[] = [];
  let idle: (() => void)[] = [];
  let inFlight = 0;
  let closed = false;

  const grant = (): (() => void) => {
    inFlight += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      inFlight -= 1;
      if (!closed) waiting.shift()?.(grant());
      if (inFlight > 0) return;
      for (const resolve of idle) resolve();
      idle = [];
    };
  };

  return {
    get inFlight() {
      return inFlight;
    },
    take: (signal) => {
      if (closed || signal.aborted) return Promise.resolve(undefined);
      if (inFlight < limit) return Promise.resolve(grant());
      return new Promise((resolve) => {
        const onAbort = () => {
          const index = waiting.indexOf(give);
          if (index >= 0) waiting.splice(index, 1);
          resolve(undefined);
        };
        const give = (release: (() => void) | undefined) => {
          signal.removeEventListener("abort", onAbort);
          resolve(release);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        waiting.push(give);
      });
    },
    idle: () =>
      inFlight === 0
        ? Promise.resolve()
        : new Promise((resolve) => idle.push(resolve)),
    close: () => {
      closed = true;
      for (const give of waiting.splice(0)) give(undefined);
    },
  };
}
