import type { Memory } from "./read-memory.ts";
import { percent } from "./report.ts";

/** MiB. */
const MEMORY_STEP = 256;
const LEAST_MEMORY = 768;
const MEMORY_SHARE = 0.7;

/** Undefined where it is not known. */
export function proposeMemory(
  memory: Memory,
  set: number | undefined,
): { value?: string; reason: string } {
  if ("unknown" in memory || set === undefined) {
    const why = "unknown" in memory ? memory.unknown : "the revision sets none";
    return { reason: `MEMORY cannot be known: ${why}.` };
  }
  const used = memory.peak * set;
  const steps = Math.ceil(used / MEMORY_SHARE / MEMORY_STEP);
  const value = Math.max(LEAST_MEMORY, steps * MEMORY_STEP);
  return {
    value: formatMib(value),
    reason: `MEMORY: the 99th percentile of the instances was at most ${percent(memory.peak)} of ${formatMib(set)}, ${Math.round(used)} MiB (run.googleapis.com/container/memory/utilizations, ${memory.minutes} min). ${formatMib(value)} is the least multiple of ${MEMORY_STEP} MiB of which that is at most ${percent(MEMORY_SHARE)}, and not below ${LEAST_MEMORY}: 512Mi is reported to be killed (docs/operating.md, "Sizes").`,
  };
}

function formatMib(mib: number): string {
  return mib % 1024 === 0 ? `${mib / 1024}Gi` : `${mib}Mi`;
}
