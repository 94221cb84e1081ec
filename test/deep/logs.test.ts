import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type BreakingProxy,
  startBreakingProxy,
} from "../support/breaking-proxy.ts";
import { neutralEnvironment } from "../support/environment.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

interface Line {
  severity: string;
  revision: string;
  request: { method: string; path: string; status: number } | null;
  message: string;
}

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** Asks the deployed service. */
async function ask(path: string): Promise<void> {
  const url = findService(emulator)?.frontEnd?.url ?? "";
  const answer = await fetch(`${url}${path}`);
  await answer.arrayBuffer();
}

async function read(...args: string[]): Promise<Line[]> {
  const run = await workspace.script("logs.ts", ["local", "--json", ...args]);
  expect(run.exitCode).toBe(0);
  const lines = run.stdout.split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Line);
}

test("where nothing is deployed, that is told", async () => {
  const run = await workspace.script("logs.ts", ["local"]);
  expect(run.stderr).toContain("error: nothing is deployed for local:");
  expect(run.stderr).toContain("npx tsx scripts/deploy.ts local");
  expect(run.exitCode).toBe(1);
});

test("a status that is none is told before gcloud is asked", async () => {
  const run = await workspace.script("logs.ts", ["local", "--status=oops"], {
    env: { PATH: "/nowhere" },
  });
  expect(run.stderr).toBe("error: --status=oops: expected 429, or 4xx\n");
  expect(run.exitCode).toBe(2);
});

describe("of a service that is deployed", () => {
  beforeAll(async () => {
    expectDone(await workspace.script("deploy.ts", ["local"]));
    await ask("/health/liveliness");
    await ask("/v1/nothing?key=sk-notforthelog123");
  });

  test("requests and LiteLLM's own lines are shown, without what the query held, and nothing is written", async () => {
    const before = emulator.exchanges.length;
    const run = await workspace.script("logs.ts", ["local"]);
    expect(run.stdout).toMatch(
      /^\S+ \S+ INFO {5}\w{7} GET \/health\/liveliness 200 \d+ ms$/m,
    );
    expect(run.stdout).toMatch(
      /WARNING {2}\w{7} GET \/v1\/nothing 40\d \d+ ms/,
    );
    expect(run.stdout).not.toContain("notforthelog");
    const lines = await read("--limit=1000");
    expect(lines.some(({ request }) => request === null)).toBe(true);
    const writes = emulator.exchanges
      .slice(before)
      .filter(isWrite)
      .filter(({ path }) => path !== "/v2/entries:list");
    expect(writes).toEqual([]);
  });

  test("only what is asked for is shown", async () => {
    const failed = await read("--status=4xx");
    expect(failed.length).toBeGreaterThan(0);
    for (const { request } of failed) {
      expect(Math.floor((request?.status ?? 0) / 100)).toBe(4);
    }
    expect(await read("--limit=2")).toHaveLength(2);
    const revision = failed[0]?.revision ?? "";
    expect((await read(`--revision=${revision}`)).length).toBeGreaterThan(0);
    expect(await read("--revision=nosuch1")).toEqual([]);
    const warnings = await read("--severity=WARNING", "--limit=1000");
    expect(warnings.map(({ severity }) => severity)).not.toContain("INFO");
  });

  test("gcloud itself reads the same", async () => {
    const { stdout } = await emulator.gcloud([
      "logging",
      "read",
      'logName="projects/demo-litellm/logs/run.googleapis.com%2Frequests"',
      "--format=value(httpRequest.status)",
    ]);
    expect(stdout).toContain("200\n");
  });

  describe("followed", () => {
    let proxy: BreakingProxy;
    let child: ChildProcess;
    let out = "";
    let told = "";

    beforeAll(async () => {
      proxy = await startBreakingProxy(emulator.url);
      const args = ["local", "--follow", "--limit=1"];
      const script = scriptCommand("logs.ts", args);
      child = spawn(script.command, script.args, {
        cwd: workspace.directory,
        env: {
          ...neutralEnvironment(),
          ...emulator.env,
          ...script.env,
          CLOUDSDK_PROXY_PORT: String(proxy.port),
          GOOGLE_RETRY_SECONDS: "0",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout?.on("data", (data: Buffer) => (out += data.toString()));
      child.stderr?.on("data", (data: Buffer) => (told += data.toString()));
      await vi.waitFor(() => {
        expect(out).toMatch(/\n/);
      }, 20_000);
    });

    afterAll(async () => {
      if (child.exitCode === null) {
        child.kill("SIGKILL");
        await once(child, "close");
      }
      await proxy.close();
    });

    test("it shows what comes, once, also after a connection that broke", async () => {
      proxy.breakWith((line) =>
        line.includes("entries:list") ? "reset" : undefined,
      );
      await vi.waitFor(() => {
        expect(told).toContain("waiting for it to come back");
      }, 20_000);
      await ask("/while-it-was-broken");
      proxy.breakWith(() => undefined);
      await vi.waitFor(() => {
        expect(out).toContain("/while-it-was-broken");
      }, 20_000);
      expect(told).toContain("the connection is back");
      await ask("/after-it");
      await vi.waitFor(() => {
        expect(out).toContain("/after-it");
      }, 20_000);
      expect(out.split("/while-it-was-broken")).toHaveLength(2);
    });

    test("Ctrl-C ends it with 130", async () => {
      child.kill("SIGINT");
      const [code] = (await once(child, "close")) as [number | null];
      expect(code).toBe(130);
    });
  });
});
