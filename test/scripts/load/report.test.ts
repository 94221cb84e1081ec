import { expect, test } from "vitest";
import type { Call } from "../../../scripts/lib/load/call.ts";
import {
  type Measurement,
  keepsTo,
  measure,
} from "../../../scripts/lib/load/measurement.ts";
import { formatMeasurement } from "../../../scripts/lib/load/report.ts";
import { SUBJECT } from "./subject.ts";

const BOUNDS = { concurrency: 2, seconds: 10, calls: 100 };
const AROUND = { began: "2026-11-28T12:00:00.000Z", clientBusy: 0.1 };

const REFUSED = {
  kind: "no-instance",
  status: 429,
  words: "Google's front end answered 429, not LiteLLM: Rate exceeded.",
} as const;

const CALLS: Call[] = [
  { due: 0, started: 0, first: 400, ended: 900 },
  { due: 0, started: 0, first: 500, ended: 1100 },
  { due: 900, started: 900, ended: 1000, failure: REFUSED },
];

function measured(
  run: { taken?: number; gaveUp?: boolean; inFlight?: number } = {},
  more: Partial<Measurement["bounds"]> = {},
  interrupted?: "interrupted",
): Measurement {
  const done = Promise.resolve();
  const whole = { taken: 3, gaveUp: false, inFlight: 0, ...run };
  const load = { ...whole, calls: CALLS, done, now: () => 0 };
  const bounds = { ...BOUNDS, ...more };
  return measure(SUBJECT, bounds, load, AROUND, interrupted).measurement;
}

test("what was measured fits 80 columns", () => {
  const text = formatMeasurement(measured(), 80);
  expect(text).toMatchInlineSnapshot(`
    "gemini-x, whole answers, 2 calls at a time (closed loop)
    3 calls in 1.1 s: 2 answered, 1 failed
    1.8 answers a second, 1.9 calls in flight on average

          answer   first byte
    p50   900 ms   400 ms
    p90   1100 ms  500 ms
    p95   1100 ms  500 ms
    p99   1100 ms  500 ms
    max   1100 ms  500 ms
    mean  1000 ms  450 ms

    1 × 429 no-instance
      Google's front end answered 429, not LiteLLM: Rate exceeded.

    Of 2 answers p99 is but the slowest: it takes 100 and more to say it.

    A closed loop: slow answers hold up the next calls, so this is what so many
    callers get who each wait for an answer before they ask again. What a steady
    rate of calls gets: --rate."
  `);
});

test("a narrow terminal has no longer lines", () => {
  const text = formatMeasurement(measured({ taken: 3 }, { rate: 10 }), 40);
  const lengths = text.split("\n").map((line) => line.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(40);
});

test("what makes the figures doubtful is said", () => {
  const notes = (measurement: Measurement): string =>
    formatMeasurement(measurement, 1000);
  expect(notes(measured({ taken: 3 }, { rate: 10 }))).toContain(
    "97 calls of the schedule never started: all 2 that may be in flight were.",
  );
  expect(notes(measured({ gaveUp: true }))).toContain("It gave up");
  const interrupted = notes(measured({ inFlight: 2 }, {}, "interrupted"));
  expect(interrupted).toContain("1 failed, 2 cut off");
  expect(interrupted).toContain("Interrupted:");
  const busy = { ...measured(), clientBusy: 0.93 };
  expect(notes(busy)).toContain("client was busy for 93 % of the time");
});

test("a wanted latency is kept to by 95 % of the answers, and by all calls of the schedule", () => {
  expect(keepsTo(undefined, measured())).toBe(true);
  expect(keepsTo(1100, measured())).toBe(true);
  expect(keepsTo(1099, measured())).toBe(false);
  expect(keepsTo(1100, measured({}, { rate: 10 }))).toBe(false);
  expect(keepsTo(undefined, measured({ gaveUp: true }))).toBe(false);
});
