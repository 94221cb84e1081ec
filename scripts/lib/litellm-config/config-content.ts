/** A LiteLLM config by its content. */
export interface ConfigContent {
  file: string;
  /** SHA-256 of the file, hex. */
  sha256: string;
}

/** The alias that names a config by its content. */
export function aliasOf({ sha256 }: ConfigContent): string {
  return `sha-${sha256.slice(0, 12)}`;
}
