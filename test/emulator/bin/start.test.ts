import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureLitellm } from "../../../emulator/machine/litellm/environment.ts";
import { neutralEnvironment } from "../../support/environment.ts";
import { coldPath } from "../../support/warm-gcloud/cold-path.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

let scratch: string;

beforeAll(async () => {
  await ensureLitellm(() => undefined);
  scratch = await mkdtemp(path.join(tmpdir(), "litellm-start-test-"));
}, 300_000);

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

interface Started {
  /** All of its output so far. */
  output: () => string;
  /** Waits until the output holds `text`. */
  says: (text: string) => Promise<void>;
  /** What Ctrl-C in a terminal does: the whole process group is told. */
  pressCtrlC: () => void;
  exitCode: Promise<number | null>;
}

function start(args: string[], env: Record<string, string> = {}): Started {
  const child = spawn(
    process.execPath,
    [
      "--import",
      "./launch.js",
      path.join(ROOT, "emulator/bin/start.ts"),
      ...args,
    ],
    {
      cwd: ROOT,
      env: { ...neutralEnvironment(), TMPDIR: scratch, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return {
    output: () => output,
    async says(text) {
      while (!output.includes(text)) await once(child.stderr, "data");
    },
    pressCtrlC: () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    },
    exitCode: once(child, "close").then(([code]) => code as number | null),
  };
}

/** Files of a rehearsal that are left; gcloud keeps caches of its own. */
async function listLeftovers(): Promise<string[]> {
  const names = await readdir(scratch);
  return names.filter((name) => /^(litellm-cloudrun|cloud-run)/.test(name));
}

describe("npm start", () => {
  test("--once ends with an answer in API-key mode, and removes everything", async () => {
    const rehearsal = start(["--once", "--mode=apikey"]);
    expect(await rehearsal.exitCode).toBe(0);
    expect(rehearsal.output()).toMatch(/Answered: .*gemini-3\.5-flash/);
    expect(rehearsal.output()).toContain("Delete secret litellm-gemini-key");
    expect(rehearsal.output()).not.toMatch(/AIza[\w-]{20}/);
    expect(await listLeftovers()).toEqual([]);
  }, 120_000);

  test("stays up until Ctrl-C, which leaves no process and no file", async () => {
    const rehearsal = start([], { PATH: coldPath() });
    await rehearsal.says("Up until Ctrl-C.");
    const [, url = ""] = /Base URL {2}(\S+)/.exec(rehearsal.output()) ?? [];
    const [, key = ""] = /API key {3}(\S+)/.exec(rehearsal.output()) ?? [];
    const response = await fetch(`${url}/models`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    rehearsal.pressCtrlC();
    expect(await rehearsal.exitCode).toBe(0);
    await expect(fetch(`${url}/models`)).rejects.toThrow("fetch failed");
    expect(await listLeftovers()).toEqual([]);
  }, 120_000);

  test("leaves nothing when Ctrl-C comes in the middle of the deploy", async () => {
    const rehearsal = start([]);
    await rehearsal.says("Deploy revision");
    rehearsal.pressCtrlC();
    expect(await rehearsal.exitCode).toBe(130);
    expect(await listLeftovers()).toEqual([]);
  }, 120_000);

  test("refuses a mode that does not exist", async () => {
    const rehearsal = start(["--mode=openai"]);
    expect(await rehearsal.exitCode).toBe(2);
    expect(rehearsal.output()).toContain("expected vertex or apikey");
  });
});
