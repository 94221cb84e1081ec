import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { readObject } from "../storage/state.ts";
import { type BuildLog, MAIN } from "./build-log.ts";
import { copySource } from "./copy-source.ts";
import { BuildFailure } from "./endings.ts";
import type { StoredBuild } from "./state.ts";
import type { Workshop } from "./workshop.ts";

/** Puts the checkout or the uploaded archive into the workspace. */
export async function fetchSource(
  workshop: Workshop,
  build: StoredBuild,
  workspace: string,
  log: BuildLog,
): Promise<void> {
  if (build.checkout !== undefined) {
    log(MAIN, "The emulator takes the checkout that was pushed.");
    await copySource(build.checkout, workspace);
    return;
  }
  const { storageSource } = build.sent.source ?? {};
  if (storageSource === undefined) return;
  const { bucket = "", object = "" } = storageSource;
  const url = `gs://${bucket}/${object}`;
  log(MAIN, `Fetching storage object: ${url}`);
  const archive = `${workspace}.tgz`;
  await writeFile(archive, readObject(workshop.cloud, url));
  const child = spawn("tar", ["-xzf", archive, "-C", workspace], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [complaint, [code]] = await Promise.all([
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code === 0) return;
  throw new BuildFailure(
    "FETCH_SOURCE_FAILED",
    `failed to fetch source: ${url} is no tar archive: ${complaint.trim()}`,
  );
}
