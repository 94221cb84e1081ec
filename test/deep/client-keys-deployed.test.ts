import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// The scripts with the real gcloud, and the real LiteLLM with what they deployed.

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator();
  workspace = await makeWorkspace(emulator);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function run(name: string, ...args: string[]): Promise<string> {
  const done = await workspace.script(name, ["local", ...args], {
    env: { MODE: "vertex", CLIENT_KEYS: "true" },
  });
  expectDone(done);
  return done.stdout;
}

async function ask(path: string, key: string): Promise<number> {
  const url = emulator.serviceUrl("us-central1", "litellm-proxy");
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${url}${path}`, { headers });
  await response.body?.cancel();
  return response.status;
}

const awaitStatus = (key: string, status: number) =>
  vi.waitFor(
    async () => {
      expect(await ask("/v1/models", key)).toBe(status);
    },
    { timeout: 120_000, interval: 500 },
  );

test("a key works and ends in the revision that serves, and its name is in the log", async () => {
  // Its verification asks with the master key, with a wrong one, and without.
  await run("deploy.ts");
  const key = (await run("keys.ts", "add", "team-a")).trim();
  await awaitStatus(key, 200);
  expect(await ask("/key/list", key)).toBe(403);
  expect(await run("logs.ts")).toMatch(
    /INFO .* client key team-a \([0-9a-f]{12}\): GET \/v1\/models$/m,
  );
  await run("keys.ts", "remove", "team-a", "--yes");
  await awaitStatus(key, 400);
  expect(findService(emulator)?.revisions.size).toBe(1);
}, 900_000);
