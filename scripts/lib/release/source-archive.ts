import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { UserError } from "../cli/errors.ts";
import { copyObject } from "../google/commands/storage.ts";
import { runGcloud } from "../google/gcloud.ts";
import type { SourceFile } from "./source-files.ts";

/** The files that a release was rendered from. `uri`: its archive, `gs://….tgz`. */
export async function readArchive(uri: string): Promise<SourceFile[]> {
  const directory = await mkdtemp(path.join(tmpdir(), "litellm-source-"));
  try {
    const archive = path.join(directory, "source.tgz");
    await runGcloud(copyObject(uri, archive));
    const folder = path.join(directory, "source");
    await promisify(execFile)("sh", [
      "-c",
      'mkdir "$1" && tar -xzf "$2" -C "$1"',
      "sh",
      folder,
      archive,
    ]).catch((error: unknown) => {
      throw new UserError(`${uri} is no archive that tar can read`, {
        hint: error instanceof Error ? error.message : String(error),
      });
    });
    const names = await readdir(folder, {
      recursive: true,
      withFileTypes: true,
    });
    return await Promise.all(
      names
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const full = path.join(entry.parentPath, entry.name);
          const text = await readFile(full, "utf8");
          return { path: path.relative(folder, full), text };
        }),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
