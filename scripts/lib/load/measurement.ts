import type { Call } from "./call.ts";
import { type Bounds, type LoadRun, countMissed } from "./generate.ts";
import { type Summary, summarize } from "./statistics.ts";

/** What was called. */
export interface Subject {
  env: string;
  project: string;
  region: string;
  service: string;
  revision: string;
  model: string;
  stream: boolean;
  /** Cloud Run itself is a model then, on one machine. */
  rehearsed: boolean;
}

/** What was measured; `--json` prints it. */
export interface Measurement extends Subject {
  /** ISO 8601. */
  began: string;
  bounds: Bounds;
  ended: "done" | "gave up" | "interrupted";
  /** Calls that were in flight when it was interrupted: nobody knows how they would have ended. */
  cutOff: number;
  /** Calls of --rate's schedule that never started. */
  missed: number;
  /** Share of the time in which this machine's own client was busy. */
  clientBusy: number;
  summary: Summary;
}

/** A run as it is now, and its calls in the order in which they were due. */
export function measure(
  subject: Subject,
  bounds: Bounds,
  run: LoadRun,
  { began, clientBusy }: Pick<Measurement, "began" | "clientBusy">,
  interrupted?: "interrupted",
): { measurement: Measurement; calls: Call[] } {
  const calls = run.calls.toSorted((a, b) => a.due - b.due);
  const ended = run.gaveUp ? "gave up" : "done";
  return {
    calls,
    measurement: {
      ...subject,
      began,
      bounds,
      ended: interrupted ?? ended,
      cutOff: run.inFlight,
      missed: interrupted === undefined ? countMissed(bounds, run) : 0,
      clientBusy,
      summary: summarize(calls),
    },
  };
}

/** Whether the run did what was wanted of it: something was answered, and where a latency is wanted, 95 % within it and nothing left out. */
export function keepsTo(
  milliseconds: number | undefined,
  { summary, missed, ended }: Measurement,
): boolean {
  if (summary.latency === null || ended === "gave up") return false;
  if (milliseconds === undefined) return true;
  return summary.latency.p95 <= milliseconds && missed === 0;
}
