import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../scripts/lib/load/generate.ts";

interface Sleeper {
  until: number;
  wake: () => void;
}

/** A clock whose time passes at once, to the next one who sleeps. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #sleepers: Sleeper[] = [];

  readonly now = (): number => this.#now;

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ until: this.#now + milliseconds, wake });
    });

  /** Until nobody sleeps any more. */
  async pass(): Promise<void> {
    for (;;) {
      await setImmediate();
      this.#sleepers.sort((a, b) => a.until - b.until);
      const next = this.#sleepers.shift();
      if (next === undefined) return;
      this.#now = next.until;
      next.wake();
    }
  }
}
