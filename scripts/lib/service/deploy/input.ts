import type { Attempt } from "../attempt.ts";
import type { PrepareInput } from "../prepare/input.ts";

/** Everything that a deploy wants, before it is compared with what there is. */
export interface DeployInput extends PrepareInput, Attempt {
  /** The manifest's text. */
  manifest: string;
  /** What it is made from; undefined: outside of a repository. */
  commit?: string | undefined;
  /** Takes over what carries the right name but not our mark. */
  adopt: boolean;
}
