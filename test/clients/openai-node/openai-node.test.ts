import path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Gateway, findGateway } from "../../../emulator/bin/gateway.ts";
import {
  type TestEmulator,
  startTestEmulator,
} from "../../support/emulator.ts";
import { type Workspace, makeWorkspace } from "../../support/workspace.ts";

let emulator: TestEmulator;
let workspace: Workspace;
let gateway: Gateway;
beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator, { config: "shipped" });
  const deployed = await workspace.script("deploy.ts", ["local", "--json"]);
  expect(deployed.exitCode, deployed.stderr).toBe(0);
  gateway = findGateway(emulator, deployed.stdout);
});
afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

test("the oldest OpenAI SDK for Node with today's interface chats, whole and streamed", async () => {
  const directory = path.join(inject("clients"), "openai-node");
  const { stdout, stderr, exitCode } = await emulator.run(
    process.execPath,
    ["chat.js"],
    {
      cwd: directory,
      env: {
        OPENAI_BASE_URL: `${gateway.url}/v1`,
        OPENAI_API_KEY: gateway.key,
      },
    },
  );
  expect(exitCode, stderr).toBe(0);
  const { version, whole, streamed, chunks } = JSON.parse(stdout) as {
    version: string;
    whole: string;
    streamed: string;
    chunks: number;
  };
  expect(version).toBe("4.104.0");
  expect(whole).toContain("gemini-3.5-flash");
  expect(streamed).toBe(whole);
  expect(chunks).toBeGreaterThan(1);
});
