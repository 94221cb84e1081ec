import { readdirSync, readFileSync } from "node:fs";

const INTERVAL_MS = 300;

/** Once in so many intervals it is looked for processes that were started meanwhile: that reads a file a thread. */
const LOOK_EVERY = 10;

const MIB = 2 ** 20;

/** Calls back once, with the bytes in use, when a process and all that it started hold more than the limit. Returns what ends the watch. */
export function watchMemory(
  pid: number,
  limitBytes: number,
  onExceeded: (usedBytes: number) => void,
): () => void {
  let family: readonly number[] = [];
  let intervals = 0;
  const timer = setInterval(() => {
    if (intervals % LOOK_EVERY === 0) family = listFamily(pid);
    intervals += 1;
    const used = sumResident(family);
    if (used <= limitBytes) return;
    clearInterval(timer);
    onExceeded(used);
  }, INTERVAL_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** What Cloud Run logs when it ends an instance for its memory. */
export function memoryMessage(limitBytes: number, usedBytes: number): string {
  const limit = Math.floor(limitBytes / MIB);
  const used = Math.max(limit + 1, Math.round(usedBytes / MIB));
  return `Memory limit of ${limit} MiB exceeded with ${used} MiB used. Consider increasing the memory limit, see https://cloud.google.com/run/docs/configuring/memory-limits`;
}

/** Whether this system tells what a process uses (Linux does). */
export function canWatchMemory(): boolean {
  return process.platform === "linux";
}

/** Resident memory of a process and of all that it started, from /proc; 0 where there is none. */
export function residentBytes(pid: number): number {
  return sumResident(listFamily(pid));
}

function sumResident(pids: readonly number[]): number {
  return pids
    .map((pid) => readProc(() => readFileSync(`/proc/${pid}/status`, "utf8")))
    .map((status) => Number(/^VmRSS:\s+(\d+) kB/m.exec(status ?? "")?.[1] ?? 0))
    .reduce((sum, kibibytes) => sum + kibibytes * 1024, 0);
}

/** A process and all that it started. */
function listFamily(pid: number): number[] {
  if (!canWatchMemory()) return [];
  const threads = readProc(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const children = threads
    .map((thread) => `/proc/${pid}/task/${thread}/children`)
    .map((file) => readProc(() => readFileSync(file, "utf8")) ?? "")
    .flatMap((pids) => pids.split(" "))
    .filter((child) => child !== "");
  return [pid, ...children.flatMap((child) => listFamily(Number(child)))];
}

/** Processes and threads end while they are read; a kernel may not list children. */
function readProc<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
