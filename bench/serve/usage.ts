import { readFileSync, readdirSync } from "node:fs";
import { residentBytes } from "../../emulator/machine/runtime/memory.ts";
import type { Gateway } from "./lab.ts";

/** Of a second: what Linux counts the times in /proc in (`getconf CLK_TCK`). */
const TICK = 100;

/** MiB that the processes of all instances hold. */
export function memoryOf({ instances }: Gateway): number {
  const bytes = [...instances].map(({ group }) => residentBytes(group));
  return bytes.reduce((sum, one) => sum + one, 0) / 2 ** 20;
}

/** Seconds of CPU that the processes of all instances have used so far. */
export function cpuOf({ instances }: Gateway): number {
  const groups = new Set([...instances].map(({ group }) => group));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(readTimes)
    .filter((process) => groups.has(process.group))
    .reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Process group, user and system time: the 5th, 14th and 15th field (proc_pid_stat(5)); the second may hold blanks. */
function readTimes(pid: string): { group: number; seconds: number } {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // It ended meanwhile.
    return { group: NaN, seconds: 0 };
  }
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [group, user, system] = [2, 11, 12].map((at) => Number(fields[at]));
  return {
    group: group ?? NaN,
    seconds: ((user ?? NaN) + (system ?? NaN)) / TICK,
  };
}
