import type { SecretPins } from "../manifest/render-manifest.ts";
import type { Settings } from "../settings/settings.ts";
import { type DeliveryState, idOf } from "./pipeline-state.ts";

/** The keys that the last release pinned a target to: a setup leaves them alone. */
export function pinsOf(
  settings: Settings,
  { targets }: Pick<DeliveryState, "targets">,
): Omit<SecretPins, "configVersion"> | undefined {
  const target = targets.find((t) => idOf(t) === settings.env);
  const { masterKeyVersion, geminiKeyVersion } = (target?.deployParameters ??
    {}) as Partial<SecretPins>;
  if (masterKeyVersion === undefined) return undefined;
  return {
    masterKeyVersion,
    ...(settings.mode === "apikey" &&
      geminiKeyVersion !== undefined && { geminiKeyVersion }),
  };
}
