import { modeOfParameters } from "../manifest/mode-mark.ts";
import type { ManifestParameters } from "../manifest/parameters.ts";
import {
  findObstacle,
  listKeyChanges,
  pinsOfParameters,
} from "../service/pins.ts";
import type { State } from "../service/state/state.ts";
import type { Settings } from "../settings/settings.ts";
import type { Release } from "./release-state.ts";
import { recordOf } from "./stage-record.ts";

/** What a release's manifest for a target is filled in with. */
export function parametersOf(
  release: Release,
  target: string,
): Record<string, string> {
  const { parameters } = recordOf(release, target);
  return { ...parameters, ...release.deployParameters };
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
    obstacle: findObstacle(settings, state, pins, modeOfParameters(parameters)),
    deadKeys: listKeyChanges(settings, state, pins)
      .filter((change) => !change.superseded)
      .map((change) => change.reason),
  };
}
