import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { hereDocument } from "../google/gcloud.ts";

/** A file that Cloud Deploy renders. */
export interface SourceFile {
  /** Relative to the source's directory. */
  path: string;
  text: string;
}

/** Hands the files in a directory to `use`, and removes it after. */
export async function withSource<T>(
  files: readonly SourceFile[],
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), "litellm-release-"));
  try {
    for (const file of files) {
      const full = path.join(directory, file.path);
      await mkdir(path.dirname(full), { recursive: true });
      await writeFile(full, file.text);
    }
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Bash that makes the same directory, as `$source`. */
export function formatSource(files: readonly SourceFile[]): string {
  const folders = new Set(files.map((f) => path.posix.dirname(f.path)));
  folders.delete(".");
  return [
    'source="$(mktemp -d)"',
    ...[...folders].map((folder) => `mkdir -p "$source/${folder}"`),
    ...files.map(
      (file) => `cat > "$source/${file.path}" ${hereDocument(file.text)}`,
    ),
  ].join("\n");
}
