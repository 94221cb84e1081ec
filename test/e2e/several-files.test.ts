import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TEAM, writeFiles } from "../support/config-sets.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// Deployed, planned, changed and rolled back: test/deep/several-files-changed.test.ts.

const SET = "config/team";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  await writeFiles(path.join(workspace.directory, SET), TEAM);
  await workspace.edit("envs/local.env", (text) => `${text}CONFIG=${SET}/\n`);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

test("what LiteLLM would not find is refused before anything is written", async () => {
  const before = emulator.exchanges.length;
  await workspace.edit(`${SET}/config.yaml`, (text) =>
    text.replace("rules.check", "rules.chekc"),
  );
  await workspace.edit(`${SET}/words.py`, (text) => `${text}\nX = (\n`);
  const refused = await workspace.script("deploy.ts", ["local"]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain(
    `${SET}/config.yaml:6:20: error: rules.py has no chekc`,
  );
  expect(refused.stderr).toContain("Did you mean rules.check?");
  expect(refused.stderr.replaceAll(/\s+/g, " ")).toMatch(
    /config\/team\/words\.py:3:5: error: Python cannot read it: '\(' was never closed/,
  );
  expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
});
