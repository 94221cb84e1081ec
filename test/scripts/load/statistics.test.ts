import { expect, test } from "vitest";
import type { Call } from "../../../scripts/lib/load/call.ts";
import { percentile, summarize } from "../../../scripts/lib/load/statistics.ts";

const call = (started: number, ended: number, more: Partial<Call> = {}) => ({
  due: started,
  started,
  ended,
  ...more,
});

test("a percentile is a value that was measured: the nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0.5, 0.95, 0.99, 1].map((p) => percentile(hundred, p))).toEqual([
    50, 95, 99, 100,
  ]);
  expect(percentile([7], 0.99)).toBe(7);
});

test("failed calls count as load, and not as latency or throughput", () => {
  const refused = { kind: "quota", status: 429 } as const;
  const summary = summarize([
    call(0, 1000, { first: 400 }),
    call(0, 2000, { failure: { ...refused, words: "first words" } }),
    call(1000, 2000, { failure: { ...refused, words: "others" } }),
    call(1000, 2000, { failure: { kind: "timeout", words: "no answer" } }),
  ]);
  expect(summary).toMatchObject({
    calls: 4,
    answered: 1,
    failed: 3,
    seconds: 2,
    throughput: 0.5,
    inFlight: 2.5,
    latency: { p50: 1000, p99: 1000, max: 1000, mean: 1000 },
    first: { p50: 400 },
    failures: [
      { ...refused, words: "first words", count: 2 },
      { kind: "timeout", words: "no answer", count: 1 },
    ],
  });
});

test("of no call at all nothing is claimed", () => {
  expect(summarize([])).toEqual({
    calls: 0,
    answered: 0,
    failed: 0,
    seconds: 0,
    throughput: 0,
    inFlight: 0,
    latency: null,
    service: null,
    first: null,
    failures: [],
  });
});
