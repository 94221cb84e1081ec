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
