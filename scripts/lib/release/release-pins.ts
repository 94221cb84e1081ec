import type { ManifestParameters } from "../manifest/parameters.ts";
import { idOf } from "../pipeline/pipeline-state.ts";
import {
  findObstacle,
  listKeyChanges,
  pinsOfParameters,
} from "../service/pins.ts";
import type { State } from "../service/state/state.ts";
import type { Settings } from "../settings/settings.ts";
import type { Release } from "./release-state.ts";

/** What a release renders for a target with: the release's own parameters over the target's of that time. */
export function parametersOf(
  release: Release,
  target: string,
): Record<string, string> {
  const { targetSnapshots = [], deployParameters } = release;
  const snapshot = targetSnapshots.find((t) => idOf(t) === target);
  return { ...snapshot?.deployParameters, ...deployParameters };
}

export interface Reasons {
  /** What keeps a release from a target altogether; undefined: nothing does. */
  obstacle: string | undefined;
  /** Why it cannot come with its own keys: they are disabled, destroyed, or elsewhere now. */
  deadKeys: string[];
}

/** Why a release cannot go to a target as it is. */
export function listReasons(
  settings: Settings,
  state: State,
  parameters: ManifestParameters,
): Reasons {
  const pins = pinsOfParameters(parameters);
  return {
    obstacle: findObstacle(settings, state, pins),
    deadKeys: listKeyChanges(settings, state, pins)
      .filter((change) => !change.superseded)
      .map((change) => change.reason),
  };
}
