import { listByHand } from "./by-hand.ts";
import type { PipelinePlace } from "./place.ts";
import type { SetupState } from "./setup-state.ts";
import type { SourceRepository } from "./triggers.ts";

/** What a setup, or its removal, ends with; `--json` prints it. */
export interface SetupOutcome extends PipelinePlace {
  /** Titles of the steps that ran. */
  done: string[];
  /** What stays, and why. */
  kept: string[];
  /** What is left for a person. */
  byHand: string[];
}

export function toSetupOutcome(
  place: PipelinePlace,
  run: {
    done: ReadonlySet<string>;
    kept: string[];
    remove: boolean;
    source: SourceRepository | undefined;
  },
  { pipeline }: SetupState,
): SetupOutcome {
  const { done, kept, remove, source } = run;
  const byHand = remove ? [] : listByHand(place, pipeline, source);
  return { ...place, done: [...done], kept, byHand };
}

/** For people: what happened, and what is left for them. */
export function describeSetup(
  { done, byHand }: SetupOutcome,
  remove: boolean,
): string {
  const happened =
    done.length === 0 ? "Nothing to do." : remove ? "Removed." : "Set up.";
  return [happened, ...byHand].join("\n");
}
