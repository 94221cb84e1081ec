import { expect, test } from "vitest";
import type { Call } from "../../../scripts/lib/load/call.ts";
import { measure } from "../../../scripts/lib/load/measurement.ts";
import { ticksOf } from "../../../scripts/lib/load/plot.ts";
import { formatPage } from "../../../scripts/lib/load/report-page.ts";
import { cutIntoSlices } from "../../../scripts/lib/load/slices.ts";
import { SUBJECT } from "./subject.ts";

const failure = {
  kind: "unexpected",
  status: 500,
  words: `<script>alert("&")</script> of a gateway that answers at length`,
} as const;

const CALLS = Array.from({ length: 40 }, (_, index): Call => {
  const due = index * 100;
  const call = { due, started: due, first: due + 200, ended: due + 400 };
  return index % 10 === 9 ? { ...call, failure } : call;
});

function page(calls: Call[]): string {
  const run = { calls, taken: calls.length, inFlight: 0, gaveUp: false };
  const load = { ...run, now: () => 0, done: Promise.resolve() };
  const bounds = { concurrency: 4, seconds: 10, calls: 100 };
  const around = { began: "2026-11-28T12:00:00.000Z", clientBusy: 0.1 };
  const measured = measure(SUBJECT, bounds, load, around);
  const instances = { answered: 2, started: 1, calls: 40, others: 0 };
  const proposal = { none: "it is <small>" };
  return formatPage({ ...measured, instances, proposal });
}

const count = (text: string, part: string): number =>
  text.split(part).length - 1;

test("each call is in the plot, the failed ones as crosses", () => {
  const text = page(CALLS);
  expect(count(text, "<circle")).toBe(36);
  expect(count(text, '<path class="bad"')).toBe(4);
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});

test("the page asks nobody for anything, and shows words as words", () => {
  const text = page(CALLS);
  expect(text).not.toMatch(/https?:|url\(|@import|<script|src=/);
  expect(text).toContain("2 instances answered; cold starts: 1");
  expect(text).toContain("No sizes are proposed: it is &lt;small&gt;.");
  expect(text).toContain("default-src 'none'");
  expect(text).toContain("&lt;script&gt;alert(&quot;&amp;&quot;)");
});

test("a run without an answer, or without a call, has a page too", () => {
  for (const calls of [[], CALLS.filter((call) => call.failure)]) {
    const text = page(calls);
    expect(text).toContain(`${calls.length} calls in`);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test("of very many calls failures are all drawn, and answers thinned out", () => {
  const many = Array.from({ length: 250 }, () => CALLS).flat();
  const text = page(many);
  expect(count(text, "<circle")).toBeLessThanOrEqual(2000);
  expect(count(text, '<path class="bad"')).toBe(1000);
});

test("a run is cut into at most 20 parts, and each call ends in one of them", () => {
  const slices = cutIntoSlices(CALLS);
  expect(slices.map(({ answered }) => answered)).toEqual([7, 9, 9, 9, 2]);
  expect(slices[0]).toMatchObject({ from: 0, to: 1, p50: 400, p95: 400 });
  const long = cutIntoSlices([{ due: 0, started: 0, ended: 1_860_000 }]);
  expect(long).toHaveLength(16);
  expect(long.at(-1)).toMatchObject({ answered: 1, p50: 1_860_000 });
  expect(long[0]).toMatchObject({ answered: 0, p50: null });
});

test.each([
  [7.3, [0, 2, 4, 6]],
  [100, [0, 20, 40, 60, 80, 100]],
  [0.9, [0, 0.2, 0.4, 0.6, 0.8]],
  [21, [0, 5, 10, 15, 20]],
])("an axis to %d has round values", (max, ticks) => {
  expect(ticksOf(max)).toEqual(ticks);
});
