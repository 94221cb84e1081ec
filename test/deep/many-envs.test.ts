import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

/** Besides the five that are shipped. */
const SAME = Array.from({ length: 13 }, (_, index) => `same-${index + 1}`);
const OTHERS = {
  larger: ["CONCURRENCY=41"],
  elsewhere: ["REGION=europe-west1"],
  forbidden: ["PROJECT_ID=demo-forbidden"],
};

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  emulator.cloud.createProject("demo-forbidden", "user:other@example.com");
  workspace = await makeWorkspace(emulator);
  expectDone(await workspace.script("deploy.ts", ["local"]));
  for (const env of SAME) await addEnv(env, []);
  for (const [env, lines] of Object.entries(OTHERS)) await addEnv(env, lines);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** An env of the service that is deployed, but for these lines. */
async function addEnv(env: string, lines: readonly string[]): Promise<void> {
  const all = ["PROJECT_ID=demo-litellm", "REGION=us-central1", ...lines];
  const names = new Set(lines.map((line) => line.split("=")[0]));
  const kept = all.filter(
    (line) => lines.includes(line) || !names.has(line.split("=")[0]),
  );
  const file = path.join(workspace.directory, "envs", `${env}.env`);
  await writeFile(file, `${kept.join("\n")}\n`);
}

/** A URL is never broken. */
function isTooLong(line: string): boolean {
  return line.length > 80 && line.trim().includes(" ");
}

test("the status of twenty envs is one table of 80 columns, and whoever cannot be read hides no other", async () => {
  const run = await workspace.script("status.ts", ["--all"]);
  const lines = run.stdout.split("\n");
  expect(lines.filter(isTooLong)).toEqual([]);
  for (const env of [...SAME, ...Object.keys(OTHERS), "local", "dev"]) {
    expect(lines.filter((line) => line.startsWith(`${env} `))).not.toEqual([]);
  }
  expect(run.exitCode).toBe(1);
});

test("the plan of all envs has a summary of each, and --json each whole", async () => {
  const run = await workspace.script("plan.ts", ["--all"]);
  const lines = run.stdout.split("\n");
  expect(lines.filter(isTooLong)).toEqual([]);
  for (const env of SAME) expect(lines).toContain(`${env}: no changes`);
  expect(run.stdout).toMatch(/^larger: 1 field to change, \d steps?$/m);
  expect(run.stdout).toMatch(/^elsewhere: nothing serves yet: all is new/m);
  expect(run.stdout).toMatch(/^forbidden: not read: /m);
  expect(run.exitCode).toBe(1);

  const { stdout } = await workspace.script("plan.ts", ["--all", "--json"]);
  const envs = JSON.parse(stdout) as {
    env: string;
    unchanged?: boolean;
    error?: string;
  }[];
  expect(envs.find(({ env }) => env === "same-1")?.unchanged).toBe(true);
  expect(envs.find(({ env }) => env === "larger")?.unchanged).toBe(false);
  expect(envs.find(({ env }) => env === "forbidden")?.error).not.toBe("");
});

test("what is of one env is refused beside --all, before gcloud is asked", async () => {
  for (const [args, words] of [
    [["--all", "dev"], "--all looks at every env, dev included"],
    [["--all", "--requests=9"], "--requests is of one env"],
  ] as const) {
    const run = await workspace.script("plan.ts", args);
    expect(run.stderr).toContain(words);
    expect(run.exitCode).toBe(2);
  }
});
