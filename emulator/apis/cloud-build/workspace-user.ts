import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/** A file or folder of the workspace, and when it was written. */
type Contents = ReadonlyMap<string, number>;

/**
 * Runs a step of an image whose user is not root, who may not write into a build's workspace, which is root's. Here it is
 * a process of whoever started the emulator, so the refusal comes after it: what changed, it could not have written.
 */
export async function asStranger(
  workspace: string,
  log: (line: string) => void,
  work: () => Promise<number>,
): Promise<number> {
  const before = await list(workspace);
  const exitCode = await work();
  const after = await list(workspace);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const written = names.filter((name) => before.get(name) !== after.get(name));
  for (const name of written) {
    log(`sh: can't create /workspace/${name}: Permission denied`);
  }
  return written.length === 0 ? exitCode : 1;
}

async function list(workspace: string): Promise<Contents> {
  const names = await readdir(workspace, { recursive: true });
  const times = names.map(async (name) => {
    const found = await stat(path.join(workspace, name)).catch(() => undefined);
    const isFile = found?.isFile() ?? false;
    return [name, isFile ? (found?.mtimeMs ?? 0) : 0] as const;
  });
  return new Map(await Promise.all(times));
}
