import { type KeyPins, keyParameters } from "../manifest/parameters.ts";
import { keysOf } from "../settings/keys.ts";
import type { Settings } from "../settings/settings.ts";
import { type PipelineState, idOf } from "./pipeline-state.ts";

/** The keys that the last release pinned a target to: a setup leaves them alone. */
export function pinsOf(
  settings: Settings,
  { targets }: Pick<PipelineState, "targets">,
): KeyPins | undefined {
  const target = targets.find((t) => idOf(t) === settings.env);
  const parameters = (target?.deployParameters ?? {}) as Record<string, string>;
  const pins = keysOf(settings.mode).flatMap(({ name }) => {
    const version = parameters[keyParameters(name).version];
    return version === undefined ? [] : [[name, version] as const];
  });
  return pins.length === 0 ? undefined : Object.fromEntries(pins);
}
