import type { Call, Failure } from "./call.ts";

/** Milliseconds. */
export interface Latency {
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
  mean: number;
}

/** Calls that failed in the same way. */
export interface FailureGroup extends Failure {
  count: number;
}

/** What the calls of a run came to. */
export interface Summary {
  calls: number;
  answered: number;
  failed: number;
  /** From the first start to the last end. */
  seconds: number;
  /** Answers a second. */
  throughput: number;
  /** Calls in flight, on average. */
  inFlight: number;
  /** Of answered calls, from when each was due; null where none was answered. */
  latency: Latency | null;
  /** From the start of a call until its answer was whole, without the wait for its turn. */
  service: Latency | null;
  /** Until the first byte, or a stream's first token, from when each was due. */
  first: Latency | null;
  /** The most frequent first. */
  failures: FailureGroup[];
}

export function summarize(calls: readonly Call[]): Summary {
  const answered = calls.filter(({ failure }) => failure === undefined);
  const milliseconds = lengthOf(calls);
  const perSecond = milliseconds > 0 ? 1000 / milliseconds : 0;
  const busy = sum(calls.map(({ started, ended }) => ended - started));
  return {
    calls: calls.length,
    answered: answered.length,
    failed: calls.length - answered.length,
    seconds: milliseconds / 1000,
    throughput: answered.length * perSecond,
    inFlight: milliseconds > 0 ? busy / milliseconds : 0,
    latency: describe(answered.map(latencyOf)),
    service: describe(answered.map(({ started, ended }) => ended - started)),
    first: describe(
      answered.flatMap(({ due, first }) =>
        first === undefined ? [] : [first - due],
      ),
    ),
    failures: groupFailures(calls),
  };
}

/** From when it was due: a call that waited for its turn was slow for whoever asked. */
export function latencyOf({ due, ended }: Call): number {
  return ended - due;
}

/** Nearest rank, of values in rising order: `share` of them are at most the result. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? NaN;
}

function describe(values: readonly number[]): Latency | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return {
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: percentile(sorted, 1),
    mean: sum(sorted) / sorted.length,
  };
}

function lengthOf(calls: readonly Call[]): number {
  if (calls.length === 0) return 0;
  const began = calls.reduce(
    (min, call) => Math.min(min, call.started),
    Infinity,
  );
  return calls.reduce((max, call) => Math.max(max, call.ended), 0) - began;
}

/** The words of the first of each kind stand for all. */
function groupFailures(calls: readonly Call[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { failure } of calls) {
    if (failure === undefined) continue;
    const key = `${String(failure.status)} ${failure.kind}`;
    const group = groups.get(key) ?? { ...failure, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
