import type { SecretValue } from "../../cli/secret-value.ts";
import type { Settings } from "../../settings/settings.ts";

/** What an env's project is prepared for. */
export interface PrepareInput {
  settings: Settings;
  config: ConfigContent;
  /** Keys to store as a new version; undefined keeps the one that is there. */
  keys: NewKeys;
}

/** Everything that a deploy wants, before it is compared with what there is. */
export interface DeployInput extends PrepareInput {
  /** The manifest's text. */
  manifest: string;
  /** Takes over what carries the right name but not our mark. */
  adopt: boolean;
  /** Tells this attempt's revision and tag from all others: 4 to 9 letters and digits. */
  attempt: string;
}

export interface ConfigContent {
  file: string;
  /** SHA-256 of the file, hex. */
  sha256: string;
}

export interface NewKeys {
  master: NewKey | undefined;
  gemini: NewKey | undefined;
}

export interface NewKey {
  value: SecretValue;
  /** A bash command that prints such a key, for the preview. */
  preview: string;
}

/** The alias that names a config by its content. */
export function aliasOf(config: ConfigContent): string {
  return `sha-${config.sha256.slice(0, 12)}`;
}
