import { type SecretPins, toParams } from "../manifest/render-manifest.ts";
import type { Settings } from "../settings/settings.ts";

/** Of the release: what every target gets alike. */
export interface ReleaseParameters {
  /** By digest. */
  image: string;
  /** Alias `sha-<12 hex>`. */
  configVersion: string;
}

/**
 * Of a target: what `config/service.yaml` and the verify container need beside
 * the release's parameters. Cloud Deploy refuses a key in both. Without `pins`
 * (nothing was released yet) the versions of keys are missing, and a rollout fails.
 */
export function targetParameters(
  settings: Settings,
  pins: Omit<SecretPins, "configVersion"> | undefined,
): Record<string, string> {
  const versions = pins ?? { masterKeyVersion: "" };
  const all = toParams(settings, { ...versions, configVersion: "" });
  const ofRelease: readonly (keyof ReleaseParameters)[] = [
    "image",
    "configVersion",
  ];
  const left = Object.entries(all).filter(
    ([name, value]) => value !== "" && !ofRelease.some((r) => r === name),
  );
  const { env, region, access } = settings;
  return { env, region, access, ...Object.fromEntries(left) };
}
