import type { SecretValue } from "../../cli/secret-value.ts";
import type { ConfigContent } from "../../litellm-config/config-content.ts";
import type { Settings } from "../../settings/settings.ts";

/** What an env's project is prepared for. */
export interface PrepareInput {
  settings: Settings;
  config: ConfigContent;
  keys: NewKeys;
}

/** Keys to store as a new version, by the key's name; what is not here stays as it is. */
export type NewKeys = Readonly<Record<string, NewKey>>;

export interface NewKey {
  value: SecretValue;
  /** A bash command that prints such a key, for the preview. */
  preview: string;
}
