import type { Command, HeldGcloud } from "../google/gcloud.ts";
import type { GcloudEffects, Holding } from "./step.ts";

/** Of the commands whose turn has not come, so many have their gcloud started: each takes a core for a second, and 100 MB. */
const MOST_AHEAD = 2;

export interface Ahead extends Pick<GcloudEffects, "gcloud"> {
  /** Ends what was started, and was not needed. */
  end: () => Promise<void>;
}

/**
 * Runs commands, and starts the gclouds of those that come next meanwhile: half of
 * what a gcloud takes is its start, and it waits until its command's turn has come.
 * `commands`: in the order in which they are likely to run. One that runs again
 * (after a conflict) gets a gcloud of its own.
 */
export function startAhead(
  { gcloud, hold }: GcloudEffects & Holding,
  commands: readonly Command[],
): Ahead {
  const waiting = new Set(commands);
  const held = new Map<Command, HeldGcloud>();
  function holdNext(): void {
    for (const command of waiting) {
      if (held.size >= MOST_AHEAD) return;
      waiting.delete(command);
      held.set(command, hold(command));
    }
  }
  return {
    gcloud: (command) => {
      const own = held.get(command);
      held.delete(command);
      waiting.delete(command);
      const running = own === undefined ? gcloud(command) : own.letGo();
      holdNext();
      return running;
    },
    end: async () => {
      waiting.clear();
      await Promise.all([...held.values()].map(({ drop }) => drop()));
      held.clear();
    },
  };
}
