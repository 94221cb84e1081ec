import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { MountedFile } from "./instance.ts";

/** Rewrites the paths of mounted files in an argument or an environment value. */
export type Relocate = (value: string) => string;

/**
 * Writes the mounted files below `root`. A container would read them at their
 * own paths; here they lie elsewhere, so what names them has to be rewritten.
 */
export async function mountFiles(
  files: readonly MountedFile[],
  root: string,
): Promise<Relocate> {
  for (const file of files) {
    const target = path.join(root, file.path);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, file.read(), { mode: 0o600 });
  }
  const directories = new Set(files.map((file) => path.dirname(file.path)));
  const patterns = [...directories].map(
    (directory) =>
      new RegExp(`(?<=^|[=:,])${escape(directory)}(?=/|$|[:,])`, "g"),
  );
  return (value) =>
    patterns.reduce(
      (text, pattern) => text.replace(pattern, (found) => root + found),
      value,
    );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
