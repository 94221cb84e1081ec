import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ONE_MODEL, writeFiles } from "../support/config-sets.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// Ways for a revision of the real LiteLLM not to come up, and what a deploy says of each.

const SET = "config/team";
const CONFIG = `${SET}/config.yaml`;
const RULES = `${SET}/rules.py`;

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator();
  workspace = await makeWorkspace(emulator);
  await writeFiles(path.join(workspace.directory, SET), {
    "config.yaml": ONE_MODEL.replace(
      "general_settings:",
      "  post_call_rules: rules.check\ngeneral_settings:",
    ),
    "rules.py": "def check(text):\n    return {'decision': True}\n",
  });
  await workspace.edit("envs/local.env", (text) => `${text}CONFIG=${SET}\n`);
  expectDone(await workspace.script("deploy.ts"));
}, 300_000);

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function deployWith(
  file: string,
  change: (text: string) => string,
): Promise<{ exitCode: number; said: string }> {
  let before = "";
  await workspace.edit(file, (text) => {
    before = text;
    return change(text);
  });
  const { exitCode, stderr } = await workspace.script("deploy.ts");
  await workspace.edit(file, () => before);
  return { exitCode, said: stderr.replaceAll(/\s+/g, " ") };
}

const inRules = (line: string) => (text: string) => `${line}\n${text}`;

test.each([
  {
    what: "a port that nothing listens on",
    file: "config/service.yaml",
    change: (text: string) =>
      text
        .replace('"4000"', '"4001"')
        .replace("failureThreshold: 120", "failureThreshold: 15"),
    says: [
      /wrote: .*STARTUP HTTP probe failed 15 times consecutively .* on port 4000/,
      "It ran, and nothing answered on port 4000.",
    ],
  },
  {
    what: "a variable that nobody gives",
    file: RULES,
    change: inRules('import os; WORDS = os.environ["TEAM_WORDS"]'),
    says: [
      "KeyError: 'TEAM_WORDS' (rules.py:1)",
      "Name it in PLAIN_VARIABLES in envs/local.env and write TEAM_WORDS=… there",
    ],
  },
  {
    what: "a config that LiteLLM refuses at its start",
    file: RULES,
    change: inRules('raise ValueError("no list of words")'),
    says: ["ValueError: no list of words (rules.py:1)"],
  },
  {
    what: "too little memory",
    file: RULES,
    change: inRules('WORDS = "x" * 1_300_000_000'),
    says: [
      /Memory limit of \d+ MiB exceeded/,
      "raise MEMORY in envs/local.env",
    ],
  },
])("$what", async ({ file, change, says }) => {
  const before = findService(emulator)?.serving;
  const { exitCode, said } = await deployWith(file, change);
  expect(exitCode).toBe(1);
  for (const words of says) expect(said).toMatch(words);
  expect(said).not.toContain("╚");
  expect(findService(emulator)?.serving).toEqual(before);
});

test("a Redis that does not answer lets LiteLLM come up, and no deploy goes on with it", async () => {
  const before = findService(emulator)?.serving;
  const { exitCode, said } = await deployWith(CONFIG, (text) =>
    text.replace(
      "general_settings:",
      "  cache: true\n  cache_params: {type: redis, host: 127.0.0.1, port: 1}\ngeneral_settings:",
    ),
  );
  expect(exitCode).toBe(1);
  expect(said).toMatch(/FAIL redis cache_params .* cannot write to its cache/);
  expect(said).toContain("Look at the host in the config");
  expect(said).toContain("ok chat");
  expect(said).toContain("what served before serves on");
  expect(findService(emulator)?.serving).toEqual(before);
});
