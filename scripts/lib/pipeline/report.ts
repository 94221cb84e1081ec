import { listByHand } from "./by-hand.ts";
import { adviseGithub } from "../service/github/by-hand.ts";
import type { GithubSource } from "../service/github/source.ts";
import { RELEASE_WORKFLOW } from "./github/plan-github.ts";
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
    notes: string[];
    remove: boolean;
    source: SourceRepository | undefined;
    github: GithubSource | undefined;
  },
  { pipeline }: SetupState,
): SetupOutcome {
  const { done, kept, notes, remove, source, github } = run;
  const outcome = { ...place, done: [...done], kept };
  if (remove) return { ...outcome, byHand: [] };
  const byHand =
    github === undefined
      ? listByHand(place, pipeline, source)
      : adviseGithub(github, { file: RELEASE_WORKFLOW, does: "release" });
  return { ...outcome, byHand: [...byHand, ...notes] };
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
