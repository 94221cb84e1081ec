import { mkdtemp, symlink } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";

/** A directory for the temporary files of a run, with the code that tsx has transformed before. */
export async function makeScratch(prefix: string): Promise<string> {
  const scratch = await mkdtemp(path.join(tmpdir(), prefix));
  const ofTsx = `tsx-${String(userInfo().uid)}`;
  await symlink(path.join(tmpdir(), ofTsx), path.join(scratch, ofTsx));
  return scratch;
}
