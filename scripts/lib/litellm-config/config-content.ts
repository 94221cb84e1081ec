import { createHash } from "node:crypto";

/** A file by its content. */
export interface FileContent {
  /** Where it is. */
  file: string;
  /** SHA-256 of what is stored, hex. */
  sha256: string;
  /** What is stored, where that is not the file as it stands. */
  text?: string;
}

/** A LiteLLM config by its content. */
export interface ConfigContent extends FileContent {
  /** What LiteLLM finds beside it, by the name there. */
  others?: Readonly<Record<string, FileContent>>;
}

/** The alias that names a file by its content. */
export function aliasOf({ sha256 }: FileContent): string {
  return `sha-${sha256.slice(0, 12)}`;
}

/** The aliases of what lies beside a config, by name. */
export function aliasesOf({
  others = {},
}: ConfigContent): Record<string, string> {
  return Object.fromEntries(
    Object.entries(others).map(([name, content]) => [name, aliasOf(content)]),
  );
}

export function toContent(file: string, text: string): FileContent {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { file, sha256 };
}
