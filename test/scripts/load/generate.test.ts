import { expect, test } from "vitest";
import type { Failure } from "../../../scripts/lib/load/call.ts";
import {
  type Bounds,
  HOPELESS,
  type LoadRun,
  countMissed,
  startLoad,
} from "../../../scripts/lib/load/generate.ts";
import { summarize } from "../../../scripts/lib/load/statistics.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A gateway that takes so many milliseconds for the nth call (from 0), and fails where it is told to. */
async function run(
  bounds: Bounds,
  takes: (nth: number) => number,
  failure?: Failure,
): Promise<LoadRun & { most: number }> {
  const clock = new VirtualClock();
  let nth = 0;
  let inFlight = 0;
  let most = 0;
  const load = startLoad(
    bounds,
    async () => {
      const started = clock.now();
      const milliseconds = takes(nth);
      nth += 1;
      inFlight += 1;
      most = Math.max(most, inFlight);
      await clock.sleep(milliseconds);
      inFlight -= 1;
      return { started, first: clock.now(), failure };
    },
    clock,
  );
  await clock.pass();
  await load.done;
  return Object.assign(load, { most });
}

test("without a rate the next call starts as soon as one has ended, until the time is over", async () => {
  const bounds = { concurrency: 3, seconds: 10, calls: 1000 };
  const load = await run(bounds, () => 500);
  expect(load.most).toBe(3);
  expect(load.calls).toHaveLength(60);
  const { throughput, inFlight, latency } = summarize(load.calls);
  expect(throughput).toBe(6);
  expect(inFlight).toBe(3);
  expect(latency).toMatchObject({ p50: 500, max: 500 });
});

test("no call beyond the bound on calls is sent", async () => {
  const bounds = { concurrency: 8, seconds: 10, calls: 20 };
  const load = await run(bounds, () => 100);
  expect(load.taken).toBe(20);
  expect(load.calls).toHaveLength(20);
});

test("a call in flight when the time is over is waited for", async () => {
  const load = await run({ concurrency: 2, seconds: 1, calls: 9 }, () => 5000);
  expect(load.calls.map(({ ended }) => ended)).toEqual([5000, 5000]);
});

test("with a rate each call has its time, and one that waits for its turn was slow from then on", async () => {
  const bounds = { concurrency: 2, seconds: 2, calls: 1000, rate: 10 };
  // One call that hangs for a second holds up half of what may be in flight; the next one as well all of it.
  const load = await run(bounds, (nth) => (nth < 2 ? 1000 : 10));
  expect(load.calls.map(({ due }) => due).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, nth) => nth * 100),
  );
  const { latency, service } = summarize(load.calls);
  // Nine calls were due while the two hung: with them alone, p90 would tell nothing of it.
  expect(service?.p90).toBe(10);
  expect(latency?.p90).toBeGreaterThan(800);
  expect(countMissed(bounds, load)).toBe(0);
});

test("calls of the schedule whose turn never came are counted", async () => {
  const bounds = { concurrency: 1, seconds: 2, calls: 1000, rate: 10 };
  const load = await run(bounds, () => 500);
  expect(load.calls).toHaveLength(4);
  expect(countMissed(bounds, load)).toBe(16);
});

test("where nothing but failures comes, it gives up", async () => {
  const failure = { kind: "quota", status: 429, words: "no" } as const;
  const bounds = { concurrency: 4, seconds: 600, calls: 10_000 };
  const load = await run(bounds, () => 10, failure);
  expect(load.gaveUp).toBe(true);
  expect(load.calls.length).toBeLessThan(HOPELESS + 4);
});
