import { geminiOf } from "../../../emulator/apis/gemini/state.ts";
import { runOf } from "../../../emulator/apis/run/state.ts";
import { DEVELOPER } from "../../../emulator/emulator.ts";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../../support/emulator.ts";
import { type Workspace, makeWorkspace } from "../../support/workspace.ts";

let emulator: TestEmulator;
let workspace: Workspace;
let directory: string;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  directory = await mkdtemp(path.join(tmpdir(), "litellm-fake-gcloud-"));
  emulator.cloud.createProject("demo-fresh", DEVELOPER);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
  await rm(directory, { recursive: true, force: true });
});

/** Runs a script with a program called `gcloud` in front of the real one; `$REAL` is that one. */
async function withGcloud(
  body: string,
  args: readonly string[] = ["local"],
  env: Record<string, string> = {},
): Promise<Finished> {
  const real = await emulator.run("bash", ["-c", "command -v gcloud"]);
  const file = path.join(directory, "gcloud");
  await writeFile(
    file,
    `#!/bin/bash\nREAL=${real.stdout.trim()}\nHERE=${directory}\n${body}\n`,
  );
  await chmod(file, 0o755);
  return workspace.script("deploy.ts", args, {
    env: { PATH: `${directory}:${process.env.PATH ?? ""}`, ...env },
  });
}

/** Those that run. What nobody waited for stays as a zombie where the first process of the machine does not. */
async function listRunning(pids: readonly string[]): Promise<string[]> {
  const { stdout } = await emulator.run("ps", [
    ...["-o", "stat=,pid=,args=", "-p", pids.join(",")],
  ]);
  return stdout.split("\n").filter((line) => /^[^Z]/.test(line.trim()));
}

describe("a gcloud that answers no JSON is told without a stack:", () => {
  test.each([
    ["nothing", "true", "printed nothing"],
    ["null", "echo null", "printed null"],
    ["a sentence", "echo Welcome.", "printed something else"],
  ])("%s", async (_, body, words) => {
    const run = await withGcloud(body);
    expect(run.stderr).toContain(
      `error: gcloud config config-helper ended well, but ${words} where JSON was expected`,
    );
    expect(run.stderr).toContain("gcloud config config-helper");
    expect(run.stderr).not.toMatch(/bug|\n +at /);
    expect(run.exitCode).toBe(1);
  });

  test("an object without credentials", async () => {
    const run = await withGcloud("echo '{}'");
    expect(run.stderr).toContain("Log in with: gcloud auth login");
    expect(run.exitCode).toBe(1);
  });

  test("where a service was written", async () => {
    const run = await withGcloud(
      'case "$*" in *"services replace"*) echo null;; *) exec "$REAL" "$@";; esac',
    );
    expect(run.stderr).toContain(
      "gcloud run services replace ended well, but printed null",
    );
    expect(run.stderr).not.toMatch(/bug|\n +at /);
    expect(run.exitCode).toBe(1);
  });
});

test("a change at the same time is told as such, without gcloud's code alone", async () => {
  const run = await withGcloud(
    'case "$*" in *"services enable"*) echo "ERROR: (gcloud.services.enable) ABORTED: Conflict." >&2; exit 1;; *) exec "$REAL" "$@";; esac',
    ["local"],
    { PROJECT_ID: "demo-fresh", GOOGLE_RETRY_SECONDS: "0" },
  );
  expect(run.stderr).toContain("Somebody else changed it at the same time.");
  expect(run.stderr).toContain("Run this again");
  expect(run.exitCode).toBe(1);
});

test("a gcloud that hangs is ended with all that it started, and told with its command", async () => {
  const began = performance.now();
  const run = await withGcloud(
    "trap '' TERM; sleep 300 & echo $$ $! >$HERE/pids; wait; wait",
    ["local"],
    { GCLOUD_TIMEOUT_SECONDS: "1" },
  );
  expect(run.stderr).toContain(
    "error: gcloud config config-helper did not end within 1 s, and was ended",
  );
  expect(run.stderr).toContain("gcloud config config-helper --format=json");
  expect(run.exitCode).toBe(1);
  expect(performance.now() - began).toBeLessThan(15_000);
  const pids = await readFile(path.join(directory, "pids"), "utf8");
  expect(await listRunning(pids.trim().split(" "))).toEqual([]);
});

test("a gcloud that is held ends with what it waits for, and has done nothing", async () => {
  const { faults } = geminiOf(emulator.cloud);
  faults.status = 503;
  const run = await withGcloud(
    'case "$*" in *--flags-file=-*) echo $$ >>"$HERE/held";; esac; exec "$REAL" "$@"',
  );
  faults.status = undefined;
  expect(run.stderr).toMatch(/\n- Verify \S+, and mark it as proven\n/);
  expect(run.exitCode).toBe(1);
  const held = await readFile(path.join(directory, "held"), "utf8");
  expect(await listRunning(held.trim().split("\n"))).toEqual([]);
  const [service] = runOf(
    emulator.cloud.project(emulator.projectId),
  ).services.values();
  expect(service?.serving).toMatchObject([
    { tag: expect.stringMatching(/^cand-/) as string },
  ]);

  const again = await workspace.script("deploy.ts");
  expect(`${String(again.exitCode)} ${again.stderr}`).toMatch(/^0 /);
  expect(service?.serving.map(({ tag }) => tag)).toEqual([undefined]);
});

test("no gcloud sees a key that stands in the shell", async () => {
  const key = `sk-${"0123456789abcdef".repeat(4)}`;
  await workspace.edit("config/litellm.vertex.yaml", (text) =>
    text.replace(
      "model_list:",
      "model_list:\n  - {model_name: gpt, litellm_params: {model: openai/gpt-5.5}}",
    ),
  );
  const run = await withGcloud(
    'env >>"$HERE/seen"; exec "$REAL" "$@"',
    ["local", "--dry-run"],
    {
      LITELLM_MASTER_KEY: key,
      MY_MASTER_KEY: key,
      GEMINI_API_KEY: key,
      MY_GEMINI_KEY: key,
      // Of a provider of the config.
      OPENAI_API_KEY: key,
    },
  );
  expect(run.exitCode).toBe(0);
  const seen = await readFile(path.join(directory, "seen"), "utf8");
  expect(seen).toContain("CLOUDSDK_CORE_PROJECT");
  expect(seen).not.toContain(key);
});
