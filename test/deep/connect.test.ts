import { afterAll, beforeAll, expect, test } from "vitest";
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

test("what is not deployed, served or known is told", async () => {
  const connect = (...args: string[]) =>
    workspace.script("connect.ts", ["local", ...args]);
  const early = await connect("curl");
  expect(early.stderr).toContain("there is no service litellm-proxy");
  expect(early.exitCode).toBe(1);
  expectDone(await workspace.script("deploy.ts"));
  const unknown = await connect("openai-pyhton");
  expect(unknown.stderr).toContain("Did you mean openai-python?");
  expect(unknown.exitCode).toBe(2);
  const model = await connect("curl", "--model=gpt-9");
  expect(model.stderr).toContain("--model=gpt-9: the env does not serve it");
  expect(model.exitCode).toBe(2);
  expect((await connect("--proxy")).stderr).toContain("needs no proxy");
});

test.each(["curl", "openai-node"])(
  "the settings of %s are pasted into bash, and answered",
  async (client) => {
    const { stdout } = await workspace.script("connect.ts", ["local", client]);
    const key = emulator.cloud
      .project(emulator.projectId)
      .secrets.get("litellm-master-key")
      ?.versions[0]?.payload?.toString();
    expect(stdout).not.toContain(key);
    const pasted = await workspace.paste(stdout);
    expect(pasted.stdout).toContain("Say hello in one short sentence.");
    expect(pasted.exitCode).toBe(0);
  },
);
