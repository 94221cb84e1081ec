import type { Call } from "./call.ts";
import { type Bar, plotBars, plotPoints } from "./plot.ts";
import type { Slice } from "./slices.ts";
import { latencyOf } from "./statistics.ts";
import type { Latency } from "./statistics.ts";

/** More points are thinned out, failures never: a page is to open quickly. */
const MOST_POINTS = 2000;

const BINS = 30;

/** Each call: when it was due, and how long it took from then. */
export function plotCalls(calls: readonly Call[]): string {
  const good = calls.filter(({ failure }) => failure === undefined);
  const every = Math.ceil(good.length / MOST_POINTS);
  const shown = calls.filter(
    ({ failure }, index) => failure !== undefined || index % every === 0,
  );
  const points = shown.map((call) => ({
    x: call.due / 1000,
    y: latencyOf(call) / 1000,
    bad: call.failure !== undefined,
  }));
  return plotPoints(
    "Each call: how long it took, by when it was due",
    points,
    { label: "due, seconds", max: highest(points.map(({ x }) => x)) },
    { label: "took, seconds", max: highest(points.map(({ y }) => y)) },
  );
}

/** How many answers took how long. */
export function plotDistribution(
  calls: readonly Call[],
  { p50, p95, p99, max }: Latency,
): string {
  const width = max / BINS;
  const bars = Array.from({ length: BINS }, (_, index): Bar => ({
    from: (index * width) / 1000,
    to: ((index + 1) * width) / 1000,
    good: 0,
    bad: 0,
  }));
  for (const call of calls) {
    if (call.failure !== undefined) continue;
    const bin = Math.min(BINS - 1, Math.floor(latencyOf(call) / width));
    const bar = bars[bin];
    if (bar !== undefined) bar.good += 1;
  }
  const marks = Object.entries({ p50, p95, p99 });
  return plotBars(
    "How many answers took how long",
    bars,
    { label: "took, seconds", max: max / 1000 },
    { label: "answers", max: highest(bars.map(({ good }) => good)) },
    marks.map(([name, value]) => ({ name, x: value / 1000 })),
  );
}

/** What ended in each second, on the average of each slice. */
export function plotThroughput(slices: readonly Slice[]): string {
  const bars = slices.map(({ from, to, answered, failed }): Bar => ({
    from,
    to,
    good: answered / (to - from),
    bad: failed / (to - from),
  }));
  return plotBars(
    "Answers and failures a second",
    bars,
    { label: "seconds", max: slices.at(-1)?.to ?? 1 },
    {
      label: "a second (failures on top)",
      max: highest(bars.map(({ good, bad }) => good + bad)),
    },
  );
}

/** Never 0, which would be no scale. */
function highest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, value), 0) || 1;
}
