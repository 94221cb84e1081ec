import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { shareTransformed } from "../../emulator/cloud-build/share-transformed.ts";

/** A directory for the temporary files of a run. */
export async function makeScratch(prefix: string): Promise<string> {
  const scratch = await mkdtemp(path.join(tmpdir(), prefix));
  await shareTransformed(scratch);
  return scratch;
}
