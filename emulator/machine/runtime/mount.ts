import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { MountedFile } from "./instance.ts";

/** Rewrites the paths of mounted files in an argument or an environment value. */
export type Relocate = (value: string) => string;

export interface Mount {
  relocate: Relocate;
  /** Follows the secrets no longer. */
  close(): Promise<void>;
}

/** Milliseconds after which a file is what its secret is. */
const FOLLOWED_MS = 250;

/**
 * Writes the mounted files below `root`. A container would read them at their
 * own paths; here they lie elsewhere, so what names them has to be rewritten.
 * Cloud Run fetches a file whenever it is read: these follow their secrets.
 */
export async function mountFiles(
  files: readonly MountedFile[],
  root: string,
): Promise<Mount> {
  const followed = await Promise.all(
    files.map((file) => placeFile(file, path.join(root, file.path))),
  );
  let following = Promise.resolve();
  const timer = setInterval(() => {
    following = following.then(async () => {
      for (const follow of followed) await follow();
    });
  }, FOLLOWED_MS);
  timer.unref();
  return {
    relocate: relocateTo(root, files),
    close: () => {
      clearInterval(timer);
      return following;
    },
  };
}

/** Returns what brings the file up to date: one that cannot be read any more is gone. */
async function placeFile(
  file: MountedFile,
  target: string,
): Promise<() => Promise<void>> {
  let written: Buffer | undefined = file.read();
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  await writeFile(target, written, { mode: 0o600 });
  return async () => {
    const now = tryRead(file);
    if (now === undefined ? written === undefined : written?.equals(now)) {
      return;
    }
    written = now;
    if (now === undefined) return rm(target, { force: true });
    // Whoever reads it has the old file or the new one, whole.
    await writeFile(`${target}.new`, now, { mode: 0o600 });
    await rename(`${target}.new`, target);
  };
}

function tryRead(file: MountedFile): Buffer | undefined {
  try {
    return file.read();
  } catch {
    return undefined;
  }
}

function relocateTo(root: string, files: readonly MountedFile[]): Relocate {
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
