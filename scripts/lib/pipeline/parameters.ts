import { type KeyPins, toParameters } from "../manifest/parameters.ts";
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
  pins: KeyPins = {},
): Record<string, string> {
  const { env, region, access } = settings;
  const all = toParameters(settings, { configVersion: "", keys: pins });
  const own = Object.entries(all).filter(([name]) => name !== "image");
  return { env, region, access, ...Object.fromEntries(own) };
}
