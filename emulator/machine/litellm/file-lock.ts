import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 250;

/**
 * Runs `action` while no other process holds the lock file. `onWait` is called
 * once when another one has it. A lock whose process is gone is taken over.
 */
export async function withFileLock<Result>(
  path: string,
  onWait: (pid: number) => void,
  action: () => Promise<Result>,
): Promise<Result> {
  let told = false;
  while (!(await tryLock(path))) {
    const owner = Number(await readFile(path, "utf8").catch(() => ""));
    if (owner > 0 && !isAlive(owner)) {
      await rm(path, { force: true });
      continue;
    }
    if (!told && owner > 0) {
      onWait(owner);
      told = true;
    }
    await delay(POLL_MS);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

/** The file appears with its content, so that a reader never finds it empty. */
async function tryLock(path: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, String(process.pid));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
