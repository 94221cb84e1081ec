import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
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

const PLACE = ["--project=demo-litellm", "--region=us-central1"];

function read(env: string): Promise<string> {
  return readFile(path.join(workspace.directory, "envs", `${env}.env`), "utf8");
}

test("a new env is what the options say, and can be planned", async () => {
  const args = ["blue", ...PLACE, "--mode=vertex"];
  const run = await workspace.script("init.ts", args);
  expect(run.stderr).toContain("npx tsx scripts/plan.ts blue");
  expect(run.exitCode).toBe(0);
  expect(await read("blue")).toContain(
    "PROJECT_ID=demo-litellm\nREGION=us-central1\nMODE=vertex\nSERVICE=litellm-proxy-blue\nDELIVERY=direct\n",
  );
  const plan = await workspace.script("plan.ts", ["blue"]);
  expect(plan.stdout).toContain("blue: nothing serves yet: all is new");
});

test("on a terminal it asks for what is not given", async () => {
  const run = await workspace.scriptOnTerminal(
    "init.ts",
    ["green", ...PLACE],
    [["mode (vertex or apikey): ", "apikey\n"]],
  );
  expect(run.exitCode).toBe(0);
  expect(await read("green")).toContain("MODE=apikey\n");
});

test("an answer that is not valid is told at once, and the same is asked again", async () => {
  const run = await workspace.scriptOnTerminal(
    "init.ts",
    ["yellow"],
    [
      ["project (", "X\n"],
      [
        'PROJECT_ID="X": expected a project id: 6 to 30 lower-case letters, digits and hyphens',
        "",
      ],
      ["project (", "demo-litellm\n"],
      ["region (", "\n"],
      ['REGION="": expected a Cloud Run region such as us-central1', ""],
      ["region (", "us-central1\n"],
      ["mode (", "vertx\n"],
      ['MODE="vertx": expected vertex or apikey', ""],
      ["mode (", "vertex\n"],
    ],
  );
  expect(run.exitCode).toBe(0);
  expect(await read("yellow")).toContain(
    "PROJECT_ID=demo-litellm\nREGION=us-central1\nMODE=vertex\n",
  );
});

test.each([
  ["Ctrl-C", "\x03", 130, "interrupted; nothing was changed"],
  ["Ctrl-D", "\x04", 2, "error: no region was given; nothing is written"],
])("%s ends the questions with nothing written", async (_, key, exit, said) => {
  const before = await readdir(path.join(workspace.directory, "envs"));
  const run = await workspace.scriptOnTerminal(
    "init.ts",
    ["orange", "--project=demo-litellm"],
    [["region (", key]],
  );
  expect(run.stdout).toContain(said);
  expect(run.exitCode).toBe(exit);
  expect(await readdir(path.join(workspace.directory, "envs"))).toEqual(before);
});

test("an option that is not valid, or a file that is there, is told before the first question", async () => {
  const wrong = await workspace.scriptOnTerminal(
    "init.ts",
    ["orange", "--region=here"],
    [],
  );
  expect(wrong.stdout).toContain('--region: REGION="here": expected');
  const taken = await workspace.scriptOnTerminal("init.ts", ["dev"], []);
  expect(taken.stdout).toContain("there is an env dev already");
  for (const run of [wrong, taken]) {
    expect(run.stdout).not.toContain("project (");
    expect(run.exitCode).toBe(2);
  }
});

test("what is not valid, or is there, is told, and nothing is written", async () => {
  const before = await readdir(path.join(workspace.directory, "envs"));
  const refused = async (...args: string[]): Promise<string> => {
    const run = await workspace.script("init.ts", args);
    expect(run.exitCode).toBe(2);
    return run.stderr;
  };
  expect(await refused("dev", ...PLACE, "--mode=vertex")).toContain(
    "there is an env dev already",
  );
  expect(await refused("../x", ...PLACE, "--mode=vertex")).toContain(
    "cannot have this name",
  );
  expect(
    await refused("red", "--project=x", "--region=here", "--mode=vertex"),
  ).toContain("REGION");
  expect(await refused("red", ...PLACE)).toContain(
    "nobody is here to be asked",
  );
  expect(await readdir(path.join(workspace.directory, "envs"))).toEqual(before);
});
