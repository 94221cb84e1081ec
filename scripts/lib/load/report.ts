import { formatTable } from "../cli/table.ts";
import { wrapWords } from "../cli/wrap.ts";
import type { Bounds } from "./generate.ts";
import type { Measurement } from "./measurement.ts";
import type { FailureGroup, Latency } from "./statistics.ts";

/** For a terminal of so many columns. */
export function formatMeasurement(
  measurement: Measurement,
  width: number,
): string {
  const { summary } = measurement;
  return [
    ...[
      describeRun(measurement),
      describeCalls(measurement),
      describeThroughput(measurement),
    ].flatMap((line) => wrapWords(line, width)),
    "",
    formatTable(tabulate(measurement), width),
    ...summary.failures.flatMap((group) => formatFailure(group, width)),
    ...listNotes(measurement).flatMap((note) => [
      "",
      ...wrapWords(note, width),
    ]),
  ].join("\n");
}

/** `gemini-3.5-flash, streamed, 4 calls at a time (closed loop)` */
export function describeRun({ model, stream, bounds }: Measurement): string {
  const answers = stream ? "streamed" : "whole answers";
  return `${model}, ${answers}, ${describeLoop(bounds)}`;
}

function describeLoop({ rate, concurrency }: Bounds): string {
  return rate === undefined
    ? `${concurrency} calls at a time (closed loop)`
    : `${rate} calls a second (open loop), at most ${concurrency} at a time`;
}

export function describeCalls({ summary, cutOff }: Measurement): string {
  const { calls, answered, failed, seconds } = summary;
  const cut = cutOff === 0 ? "" : `, ${cutOff} cut off`;
  return `${calls} calls in ${seconds.toFixed(1)} s: ${answered} answered, ${failed} failed${cut}`;
}

export function describeThroughput({ summary }: Measurement): string {
  const { throughput, inFlight } = summary;
  return `${throughput.toFixed(1)} answers a second, ${inFlight.toFixed(1)} calls in flight on average`;
}

const ROWS = ["p50", "p90", "p95", "p99", "max", "mean"] as const;

/** One row a percentile: that is narrow enough for any terminal. */
export function tabulate({ summary, stream }: Measurement): string[][] {
  const columns: [string, Latency | null][] = [
    ["answer", summary.latency],
    [stream ? "first token" : "first byte", summary.first],
  ];
  return [
    ["", ...columns.map(([name]) => name)],
    ...ROWS.map((row) => [
      row,
      ...columns.map(([, latency]) =>
        latency === null ? "-" : formatMilliseconds(latency[row]),
      ),
    ]),
  ];
}

/** `812 ms` */
export function formatMilliseconds(milliseconds: number): string {
  return `${Math.round(milliseconds)} ms`;
}

/** `429 quota` */
export function nameFailure({ status, kind }: FailureGroup): string {
  return status === undefined ? kind : `${status} ${kind}`;
}

function formatFailure(group: FailureGroup, width: number): string[] {
  return [
    "",
    `${group.count} × ${nameFailure(group)}`,
    ...wrapWords(group.words, width - 2).map((line) => `  ${line}`),
  ];
}

/** From here on this machine's client may be what is slow. */
export const BUSY = 0.8;

/** With fewer answers p99 is the slowest of them. */
const FEW = 100;

/** What is to be known of the figures. */
export function listNotes(measurement: Measurement): string[] {
  const { summary, bounds, ended, missed, clientBusy } = measurement;
  const { answered } = summary;
  const notes: [boolean, string][] = [
    [
      ended === "interrupted",
      "Interrupted: these are the calls that had ended by then.",
    ],
    [
      ended === "gave up",
      "It gave up: call after call failed, and more of them would tell nothing.",
    ],
    [
      missed > 0,
      `${missed} calls of the schedule never started: all ${bounds.concurrency} that may be in flight were. The gateway did not keep up with the rate, so the latency of those that did start is too kind.`,
    ],
    [
      clientBusy > BUSY,
      `This machine's client was busy for ${percent(clientBusy)} of the time: it may be the limit, and not the gateway.`,
    ],
    [
      answered > 0 && answered < FEW,
      `Of ${answered} answers p99 is but the slowest: it takes ${FEW} and more to say it.`,
    ],
    [
      bounds.rate === undefined,
      "A closed loop: slow answers hold up the next calls, so this is what so many callers get who each wait for an answer before they ask again. What a steady rate of calls gets: --rate.",
    ],
  ];
  return notes.flatMap(([holds, note]) => (holds ? [note] : []));
}

/** `83 %` */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
