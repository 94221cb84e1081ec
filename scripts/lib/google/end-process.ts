import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

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

/** Not zx's own tree: it starts ps through a shell, which Node warns of on standard error. */
async function listDescendants(pid: number): Promise<number[]> {
  try {
    const ps = promisify(execFile);
    const { stdout } = await ps("ps", ["-A", "-o", "pid=,ppid="]);
    const pairs = stdout.trim().split("\n").map(toPair);
    return findDescendants(pid, pairs);
  } catch {
    // Small images have no ps.
    return readDescendants(pid);
  }
}

/** A process, and what started it. */
type Pair = readonly [pid: number, parent: number];

function toPair(line: string): Pair {
  const [pid, parent] = line.trim().split(/\s+/).map(Number);
  return [pid ?? 0, parent ?? 0];
}

function findDescendants(pid: number, pairs: readonly Pair[]): number[] {
  return pairs
    .filter(([, parent]) => parent === pid)
    .flatMap(([child]) => [child, ...findDescendants(child, pairs)]);
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
