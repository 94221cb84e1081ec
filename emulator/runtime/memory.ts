import { readdirSync, readFileSync } from "node:fs";

const INTERVAL_MS = 300;

const MIB = 2 ** 20;

/** Calls back once, with the bytes in use, when a process group holds more than the limit. Returns what ends the watch. */
export function watchMemory(
  group: number,
  limitBytes: number,
  onExceeded: (usedBytes: number) => void,
): () => void {
  const timer = setInterval(() => {
    const used = residentBytes(group);
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

/** Resident memory of all processes of a group, from /proc. */
function residentBytes(group: number): number {
  if (!canWatchMemory()) return 0;
  let kibibytes = 0;
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      // After the command's name, which may hold spaces: state, parent, group.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [, , own] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(own) !== group) continue;
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      kibibytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  return kibibytes * 1024;
}
