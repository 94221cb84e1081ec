import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Instances } from "../../scripts/lib/load/instances.ts";
import type { Measurement } from "../../scripts/lib/load/measurement.ts";
import type { Proposal } from "../../scripts/lib/load/propose.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { neutralEnvironment } from "../support/environment.ts";
import { expectDone } from "../support/expect-done.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// `load` against a deployed stand-in, behind Cloud Run's invoker check.

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  // So few at once that one instance does not do.
  const env = { ACCESS: "iam", CONCURRENCY: "1" };
  expectDone(await workspace.script("deploy.ts", ["local"], { env }));
});
afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

type Printed = Measurement & { instances: Instances; proposal: Proposal };

async function load(...args: string[]): Promise<Printed> {
  const run = await workspace.script("load.ts", ["local", "--json", ...args]);
  expectDone(run);
  expect(`${run.stdout}${run.stderr}`).not.toContain(readKey());
  return JSON.parse(run.stdout) as Printed;
}

function readKey(): string {
  const { secrets } = emulator.cloud.project(emulator.projectId);
  const [version] = secrets.get("litellm-master-key")?.versions ?? [];
  const key = version?.payload?.toString() ?? "";
  expect(key).toMatch(/^sk-/);
  return key;
}

test("as many calls as allowed are answered, whole and streamed, and counted where they arrive", async () => {
  const before = emulator.lines.length;
  const args = ["--concurrency=3", "--duration=5m"];
  const page = ["--max-calls=20", "--report=load.html"];
  const whole = await load(...args, ...page);
  expect(whole.summary).toMatchObject({ calls: 20, answered: 20, failed: 0 });
  expect(whole.rehearsed).toBe(true);
  const file = path.join(workspace.directory, "load.html");
  const text = await readFile(file, "utf8");
  expect(text).toContain("20 calls in");
  expect(text).not.toContain(readKey());
  const streamed = await load(...args, "--max-calls=10", "--stream");
  expect(streamed.summary).toMatchObject({ answered: 10, failed: 0 });
  expect(streamed.summary.first?.p50).toBeLessThan(
    streamed.summary.latency?.p50 ?? 0,
  );
  const arrived = emulator.lines
    .slice(before)
    .filter((line) => line.includes("POST /v1/chat/completions 200"));
  expect(arrived).toHaveLength(30);
});

test("the calls are found in the log, and the instances that answered them", async () => {
  const { instances, summary } = await load("--duration=3s");
  expect(instances).toMatchObject({ calls: summary.calls, others: 0 });
  const { answered } = instances as Exclude<Instances, { unknown: string }>;
  expect(answered).toBeGreaterThan(1);
});

test("with a rate it ends when the time is over", async () => {
  const wish = ["--rate=5", "--latency=60s"];
  const { summary, bounds, proposal } = await load(...wish, "--duration=2s");
  expect(summary.calls).toBe(10);
  expect(bounds.concurrency).toBe(50);
  expect(JSON.stringify(proposal)).toContain("this is the rehearsal");
});

describe("an env whose project is no rehearsal's", () => {
  let real: TestEmulator;
  let place: Workspace;
  const call = (...args: string[]) =>
    place.script("load.ts", ["dev", "--concurrency=2", ...args]);

  beforeAll(async () => {
    const projectId = "my-project";
    real = await startTestEmulator({ litellm: "stand-in", projectId });
    place = await makeWorkspace(real);
    await place.setProject("dev", projectId);
    expectDone(await place.script("deploy.ts", ["dev", "--yes"]));
  });
  afterAll(async () => {
    await real.close();
    await place.remove();
  });

  test("is asked nothing without a bound, and sent nothing before somebody agrees to the cost", async () => {
    const before = real.exchanges.length;
    const unbounded = await call("--yes");
    expect(unbounded.stderr).toContain("nobody said how many at most");
    expect(unbounded.exitCode).toBe(2);
    expect(real.exchanges.slice(before)).toEqual([]);

    const sent = real.lines.length;
    const unasked = await call("--max-calls=5");
    expect(unasked.stderr).toContain("500 tokens in and 2,560 out, which is");
    expect(unasked.stderr).toContain(
      "Confirm it: npx tsx scripts/load.ts dev --concurrency=2 --max-calls=5 --yes",
    );
    expect(unasked.exitCode).toBe(2);
    const env = { PROTECTED: "true" };
    const args = ["dev", "--max-calls=5", "--yes"];
    const guarded = await place.script("load.ts", args, { env });
    expect(guarded.stderr).toContain("--confirm=dev");
    expect(guarded.exitCode).toBe(2);
    expect(real.lines.slice(sent).join("\n")).not.toContain("/v1/chat");
  });

  test("is called once they do", async () => {
    const wish = ["--rate=5", "--latency=60s", "--max-calls=5"];
    const agreed = await call(...wish, "--yes", "--json");
    expectDone(agreed);
    const printed = JSON.parse(agreed.stdout) as Printed;
    expect(printed).toMatchObject({
      summary: { calls: 5, answered: 5 },
      instances: { answered: 1, started: 0, calls: 5 },
      proposal: { settings: { CONCURRENCY: "40", MAX_INSTANCES: "2" } },
    });
    // The emulator has no Cloud Monitoring.
    expect(JSON.stringify(printed)).toContain("MEMORY cannot be known");
  });
});

test("Ctrl-C ends it at once, with what was measured so far", async () => {
  const args = ["local", "--json", "--duration=10m", "--rate=5"];
  const script = scriptCommand("load.ts", args);
  const before = emulator.lines.length;
  const child = spawn(script.command, script.args, {
    cwd: workspace.directory,
    env: { ...neutralEnvironment(), ...emulator.env, ...script.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let told = "";
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (told += data.toString()));
  try {
    await vi.waitFor(() => {
      const lines = emulator.lines.slice(before);
      expect(lines.join("\n")).toContain("POST /v1/chat/completions 200");
    }, 60_000);
  } finally {
    child.kill("SIGINT");
  }
  expect(await once(child, "close")).toEqual([130, null]);
  const { ended, summary } = JSON.parse(out) as Measurement;
  expect(ended).toBe("interrupted");
  expect(summary.answered).toBeGreaterThan(0);
  expect(told).toContain("Interrupted:");
});
