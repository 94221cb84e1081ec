import type { Release } from "./release-state.ts";
import { idOf } from "../pipeline/pipeline-state.ts";
import { numbered } from "./read-releases.ts";
import type { Commit } from "./commit.ts";

/** On a release: what it was made of, so that the same is not made twice. */
export const INPUTS_ANNOTATION = "litellm-cloudrun-inputs";

/** `r-<12 hex of the commit>`, or `r-<UTC time>` where there is none. */
export function nameRelease(commit: Commit | undefined, now: Date): string {
  if (commit === undefined) {
    const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
    return `r-${time.toLowerCase().replace("t", "-")}`;
  }
  return `r-${commit.sha.slice(0, 12)}${commit.dirty ? "-dirty" : ""}`;
}

/**
 * The release of exactly these inputs, else the first name that is free.
 * `taken`: the releases called `base`, `base-2` and so on. Undefined inputs are
 * those of no release.
 */
export function chooseName(
  base: string,
  taken: readonly Release[],
  inputs: string | undefined,
): { release: string; existing: Release | undefined } {
  const existing = taken.findLast(
    (release) =>
      inputs !== undefined &&
      release.annotations?.[INPUTS_ANNOTATION] === inputs &&
      release.abandoned !== true &&
      release.renderState !== "FAILED",
  );
  if (existing !== undefined) return { release: idOf(existing), existing };
  return { release: numbered(base, taken.length + 1), existing: undefined };
}
