import { mkdir, mkdtemp, symlink } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";

/** A directory for the temporary files of a run, with what tsx has transformed of this repository before. */
export async function makeScratch(prefix: string): Promise<string> {
  const scratch = await mkdtemp(path.join(tmpdir(), prefix));
  const cache = `tsx-${String(userInfo().uid)}`;
  await mkdir(path.join(tmpdir(), cache), { recursive: true });
  await symlink(path.join(tmpdir(), cache), path.join(scratch, cache));
  return scratch;
}
