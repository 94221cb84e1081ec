import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { neutralEnvironment } from "../support/environment.ts";
import { expectDone } from "../support/expect-done.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  const env = { ACCESS: "iam" };
  expectDone(await workspace.script("deploy.ts", ["local"], { env }));
});
afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

test("clients of a service that asks for an identity go through the proxy, past the end of a token, until Ctrl-C", async () => {
  const { cloud } = emulator;
  cloud.identityTokenSeconds = 8;
  const args = ["local", "--proxy", "--port=0"];
  const script = scriptCommand("connect.ts", args);
  const proxy = spawn(script.command, script.args, {
    cwd: workspace.directory,
    env: { ...neutralEnvironment(), ...emulator.env, ...script.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const printed = createInterface(proxy.stdout);
    const [url] = (await once(printed, "line")) as [string];
    const settings = await workspace.script("connect.ts", [
      ...["local", "curl", `--port=${new URL(url).port}`],
    ]);
    expect(settings.stderr).toContain("--proxy --port=");
    const pasted = await workspace.paste(settings.stdout);
    expect(pasted.stdout).toContain("Say hello in one short sentence.");

    // Without LiteLLM's key: who answers is LiteLLM, so the identity was good.
    const held = new Set(cloud.identityTokens.keys());
    const isNew = (token: string): boolean => !held.has(token);
    while (![...cloud.identityTokens.keys()].some(isNew)) {
      const answer = await fetch(`${url}/v1/models`);
      expect(await answer.text()).toContain("No api key passed in");
    }
    const renewed = await fetch(`${url}/v1/models`);
    expect(renewed.status).toBe(401);
  } finally {
    proxy.kill("SIGINT");
  }
  expect(await once(proxy, "exit")).toEqual([130, null]);
});
