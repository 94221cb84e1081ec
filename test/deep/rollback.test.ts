import { afterAll, beforeAll, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { type Deployed, deployLocal } from "../support/deploy-local.ts";
import { listServed } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const CONFIG = "config/litellm.vertex.yaml";
const ENV = "envs/local.env";
const IMAGE = "docker.io/litellm/litellm";

let emulator: TestEmulator;
let workspace: Workspace;
let a: Deployed;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  await workspace.edit(ENV, (text) => `${text}IMAGE=${IMAGE}:v1.108.13\n`);
  a = await deployLocal(workspace);
  await workspace.edit(CONFIG, (text) => `${text}\n# changed\n`);
  await workspace.edit(ENV, (text) => text.replace("108.13", "108.14"));
  await deployLocal(workspace, "--master-key=generate");
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** The status of a request with a version of the master key. */
async function ask(version: number): Promise<number> {
  const secret = emulator.cloud
    .project(emulator.projectId)
    .secrets.get("litellm-master-key");
  const payload = secret?.versions.find((v) => v.number === version)?.payload;
  const response = await fetch(`${a.url}/v1/models`, {
    headers: { Authorization: `Bearer ${payload?.toString() ?? ""}` },
  });
  await response.body?.cancel();
  return response.status;
}

test("a rollback skips what failed, and never brings an old key back", async () => {
  await workspace.edit(ENV, (text) => text.replace("108.14", "999.0"));
  const failed = await workspace.script("deploy.ts");
  expect(failed.exitCode).toBe(1);
  const run = await workspace.script("rollback.ts", ["local", "--yes"]);
  expect(run.stderr).not.toContain("error:");
  expect(run.stderr).toContain(
    "version 1 of litellm-master-key was superseded by version 2",
  );
  const [only = "", ...others] = listServed(emulator);
  expect(others).toEqual([]);
  expect(only).toContain(` 100 → ${IMAGE}@digest ${a.configVersion} 2`);
  expect(only).not.toContain(a.revision);
  expect(await ask(2)).toBe(200);
  // Without a database LiteLLM answers 400 to a key that it does not know.
  expect(await ask(1)).toBe(400);
});

itConforms(() => emulator.exchanges);
