import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type {
  InstancePool,
  Scale,
  Taken,
} from "../../../../emulator/machine/runtime/instance.ts";
import {
  startTestRuntime,
  type TestRuntime,
} from "../../../support/runtime.ts";

let test: TestRuntime;
let scale: Scale;
let pool: InstancePool;
let all: Taken[] = [];

beforeAll(async () => {
  test = await startTestRuntime({
    idleMs: 300,
    graceMs: 500,
    mostInstances: 3,
  });
});

afterEach(async () => {
  for (const { release } of all) release();
  all = [];
  await pool.stop();
});

afterAll(() => test.runtime.close());

function open(changes: Partial<Scale>, image?: string): void {
  scale = { min: 0, max: 10, concurrency: 1, ...changes };
  pool = test.runtime.openPool(
    () =>
      test.spec({
        containerConcurrency: scale.concurrency,
        ...(image !== undefined && { image }),
      }),
    () => scale,
  );
}

async function take(ms = 10_000): Promise<Taken | undefined> {
  const taken = await pool.take(AbortSignal.timeout(ms));
  if (taken !== undefined) all.push(taken);
  return taken;
}

async function takeAll(count: number): Promise<Taken[]> {
  await Promise.all(Array.from({ length: count }, () => take()));
  return all;
}

it("starts with the first request, and one more for each that has no room", async () => {
  open({ max: 2 });
  expect(pool.size).toBe(0);
  const [first, second] = await takeAll(2);
  expect(pool.size).toBe(2);
  expect(first?.instance.url).not.toBe(second?.instance.url);
  const third = take();
  await expect(take(200)).resolves.toBeUndefined();
  first?.release();
  expect((await third)?.instance).toBe(first?.instance);
});

it("tells of an instance that a request made it start, and not of the minimum", async () => {
  const before = test.entries.length;
  open({ min: 1 });
  await pool.ensure();
  const starts = () =>
    test.entries
      .slice(before)
      .filter(({ text }) => text.startsWith("Starting new instance."));
  expect(starts()).toEqual([]);
  await takeAll(2);
  expect(starts()).toHaveLength(1);
  expect(starts()[0]?.text).toContain("Reason: AUTOSCALING");
});

it("counts the room of an instance that is starting", async () => {
  open({ concurrency: 2 });
  await takeAll(4);
  expect(pool.size).toBe(2);
});

it("runs no more than the machine may, whatever the service allows", async () => {
  open({ max: 100 });
  await takeAll(3);
  await expect(take(200)).resolves.toBeUndefined();
  expect(pool.size).toBe(3);
});

it("stops what is idle down to the minimum, which may change meanwhile", async () => {
  open({ min: 1 });
  for (const { release } of await takeAll(2)) release();
  await vi.waitFor(() => {
    expect(pool.size).toBe(1);
  });
  scale.min = 0;
  await vi.waitFor(
    () => {
      expect(pool.size).toBe(0);
    },
    { timeout: 5000 },
  );
  expect(await take()).toBeDefined();
});

it("brings the minimum up at once", async () => {
  open({ min: 2 });
  await pool.ensure();
  expect(pool.size).toBe(2);
});

it("starts another in place of one that has gone", async () => {
  open({ max: 1 });
  const [taken] = await takeAll(1);
  const next = take();
  await fetch(`${taken?.instance.url ?? ""}/exit?code=1`).catch(
    () => undefined,
  );
  expect((await next)?.instance).not.toBe(taken?.instance);
});

it("fails the requests that wait where no instance comes up", async () => {
  open({}, "docker.io/example/none:v1");
  await expect(take()).rejects.toThrow();
  await expect(pool.ensure()).rejects.toThrow();
  expect(pool.size).toBe(0);
});
