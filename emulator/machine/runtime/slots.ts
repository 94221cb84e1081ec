import type { Slots } from "./instance.ts";

/** Slots that can be closed for good: nobody takes one any more. */
export interface ClosableSlots extends Slots {
  close(): void;
}

/** As many slots as the container takes requests at a time; 0 is no limit. */
export function createSlots(concurrency: number): ClosableSlots {
  const limit = concurrency === 0 ? Infinity : concurrency;
  let idle: (() => void)[] = [];
  let inFlight = 0;
  let closed = false;

  return {
    get inFlight() {
      return inFlight;
    },
    take: () => {
      if (closed || inFlight >= limit) return undefined;
      inFlight += 1;
      let given = false;
      return () => {
        if (given) return;
        given = true;
        inFlight -= 1;
        if (inFlight > 0) return;
        for (const resolve of idle) resolve();
        idle = [];
      };
    },
    idle: () =>
      inFlight === 0
        ? Promise.resolve()
        : new Promise((resolve) => idle.push(resolve)),
    close: () => {
      closed = true;
    },
  };
}
