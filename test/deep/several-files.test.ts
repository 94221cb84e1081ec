import path from "node:path";
import OpenAI, { type APIError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { geminiOf, newGeminiApiKey } from "../../emulator/apis/gemini/state.ts";
import { TEAM, writeFiles } from "../support/config-sets.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { NOTHING, takeInventory } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// docs/several-files.md, done with the real LiteLLM.

let emulator: TestEmulator;
let workspace: Workspace;
let key: string;
let url: string;

const REFUSED = "a word of the team's list";

beforeAll(async () => {
  emulator = await startTestEmulator();
  key = newGeminiApiKey(geminiOf(emulator.cloud));
  workspace = await makeWorkspace(emulator);
  const set = path.join(workspace.directory, "config/team");
  await writeFiles(set, TEAM);
  await workspace.edit(
    "envs/local.env",
    (text) => `${text}CONFIG=config/team\n`,
  );
  ({ url } = JSON.parse(await run("deploy.ts", "--json")) as { url: string });
}, 300_000);

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function run(name: string, ...args: string[]): Promise<string> {
  const env = { GEMINI_API_KEY: key };
  const done = await workspace.script(name, ["local", ...args], { env });
  expectDone(done);
  return done.stdout;
}

/** What a model answers, or LiteLLM in its stead. */
async function ask(content: string): Promise<string> {
  const { stdout } = await emulator.gcloud([
    ...["secrets", "versions", "access", "latest"],
    "--secret=litellm-master-key",
  ]);
  const client = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: stdout,
    maxRetries: 0,
  });
  const messages = [{ role: "user" as const, content }];
  try {
    const answer = await client.chat.completions.create({
      model: "other",
      messages,
    });
    return answer.choices[0]?.message.content ?? "";
  } catch (error) {
    return (error as APIError).message;
  }
}

test("LiteLLM runs the Python of a directory", async () => {
  expect(await ask("hello")).toContain("hello");
  expect(await ask("forbidden")).toContain(REFUSED);
  // LiteLLM calls it back once the answer is sent.
  await expect
    .poll(() => run("logs.ts", "--limit=1000"), { timeout: 60_000 })
    .toContain("own callback: a call was answered");
});

test("a changed file is what answers next", async () => {
  await workspace.edit("config/team/words.py", (text) =>
    text.replace("forbidden", "hello"),
  );
  await run("deploy.ts");
  expect(await ask("hello")).toContain(REFUSED);
  expect(await ask("forbidden")).toContain("forbidden");
});

test("a rollback brings the file back that was there before", async () => {
  await run("rollback.ts", "--yes");
  expect(await ask("hello")).toContain("hello");
  expect(await ask("forbidden")).toContain(REFUSED);
});

test("an error of a Python file is told with its line, and takes no traffic", async () => {
  await workspace.edit(
    "config/team/guardrail.py",
    (text) => `${text}\n\nimport nowhere\n`,
  );
  const env = { GEMINI_API_KEY: key };
  const failed = await workspace.script("deploy.ts", ["local"], { env });
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr.replaceAll(/\s+/g, " ")).toMatch(
    /No module named 'nowhere' \(guardrail\.py:\d+\)/,
  );
  expect(await ask("forbidden")).toContain(REFUSED);
});

test("nothing of it is left", async () => {
  await run("clean.ts", "--yes");
  expect(takeInventory(emulator)).toMatchObject(NOTHING);
});

itConforms(() => emulator.exchanges);
