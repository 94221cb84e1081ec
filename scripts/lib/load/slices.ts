import type { Call } from "./call.ts";
import { latencyOf, percentile } from "./statistics.ts";

/** What ended in one part of a run. */
export interface Slice {
  /** Seconds since the run began. */
  from: number;
  to: number;
  answered: number;
  failed: number;
  /** Milliseconds; null where nothing was answered. */
  p50: number | null;
  p95: number | null;
}

/** Seconds: lengths that are easy to read. */
const LENGTHS = [1, 2, 5, 10, 15, 30, 60, 120] as const;
const MOST = 20;

/** A run cut into at most 20 parts of equal length, by when calls ended. */
export function cutIntoSlices(calls: readonly Call[]): Slice[] {
  const end = calls.reduce((max, { ended }) => Math.max(max, ended), 0) / 1000;
  const length = LENGTHS.find((seconds) => end / seconds <= MOST) ?? 120;
  return Array.from({ length: Math.ceil(end / length) }, (_, index) => {
    const from = index * length;
    const to = from + length;
    const within = calls.filter(
      ({ ended }) => ended > from * 1000 && ended <= to * 1000,
    );
    const answered = within.filter(({ failure }) => failure === undefined);
    const sorted = answered.map(latencyOf).toSorted((a, b) => a - b);
    const share = (part: number): number | null =>
      sorted.length === 0 ? null : percentile(sorted, part);
    return {
      from,
      to,
      answered: answered.length,
      failed: within.length - answered.length,
      p50: share(0.5),
      p95: share(0.95),
    };
  });
}
