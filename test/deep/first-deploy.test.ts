import { afterAll, beforeAll, expect, test } from "vitest";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

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

test("a first deploy that fails its verification is not taken for done by the next run, which verifies it", async () => {
  const gemini = geminiOf(emulator.cloud);
  gemini.faults = { ...gemini.faults, status: 503 };
  const failed = await workspace.script("deploy.ts");
  expect(failed.exitCode).toBe(1);
  const again = await workspace.script("deploy.ts");
  expect(again.exitCode).toBe(1);
  expect(again.stderr).toContain("- Verify litellm-proxy-");
  gemini.faults = { ...gemini.faults, status: undefined };
  expectDone(await workspace.script("deploy.ts"));
  const last = await workspace.script("deploy.ts", ["local", "--json"]);
  expect(JSON.parse(last.stdout)).toMatchObject({ steps: [] });
});

itConforms(() => emulator.exchanges);
