import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { ps } from "zx/core";

/** Milliseconds to end in an orderly way. */
const GRACE = 2000;

/**
 * Ends a process with all that it started. Not by a process group of its own:
 * Ctrl-C at the terminal has to reach gcloud, too.
 */
export async function endProcess(pid: number): Promise<void> {
  const pids = [pid, ...(await listDescendants(pid))];
  for (const each of pids) signal(each, "SIGTERM");
  const until = performance.now() + GRACE;
  while (pids.some(isAlive) && performance.now() < until) await setTimeout(50);
  for (const each of pids) signal(each, "SIGKILL");
}

async function listDescendants(pid: number): Promise<number[]> {
  try {
    const found = await ps.tree({ pid, recursive: true });
    return found.map((process) => Number(process.pid));
  } catch {
    // Small images have no ps.
    return readDescendants(pid);
  }
}

/** Linux tells it without ps. */
function readDescendants(pid: number): number[] {
  const file = `/proc/${String(pid)}/task/${String(pid)}/children`;
  try {
    const children = readFileSync(file, "utf8").split(" ").filter(Boolean);
    return children.flatMap((child) => [
      Number(child),
      ...readDescendants(Number(child)),
    ]);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** False where it has ended. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
