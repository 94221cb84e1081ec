import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { type Deployed, deployLocal } from "../support/deploy-local.ts";
import { listServed } from "../support/services.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const CONFIG = "config/litellm.vertex.yaml";
const ENV = "envs/local.env";
const IMAGE = "docker.io/litellm/litellm";

let emulator: TestEmulator;
let workspace: Workspace;
let a: Deployed;
let b: Deployed;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  await workspace.edit(ENV, (text) => `${text}IMAGE=${IMAGE}:v1.108.13\n`);
  a = await deployLocal(workspace);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function rollback(...options: string[]): Promise<Finished> {
  return workspace.script("rollback.ts", ["local", ...options]);
}

// Over failed revisions and superseded keys: test/deep/rollback.test.ts.
describe("rollback", () => {
  test("has nothing to go back to after a first deploy", async () => {
    const run = await rollback("--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("there is nothing to go back to");
  });

  test("asks first", async () => {
    await workspace.edit(CONFIG, (text) => `${text}\n# changed\n`);
    await workspace.edit(ENV, (text) => text.replace("108.13", "108.14"));
    b = await deployLocal(workspace);
    const before = emulator.exchanges.length;
    const run = await rollback();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("nobody is here to confirm the rollback");
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("brings image and config of the revision before back, verified first", async () => {
    const run = await rollback("--yes", "--json");
    expect(run.stderr).not.toContain("error:");
    expect(run.stderr).toMatch(/Bring up .* at 0 %[^]*Verify[^]*all traffic/);
    expect(JSON.parse(run.stdout)).toMatchObject({
      from: { revision: b.revision, image: `${IMAGE}:v1.108.14` },
      to: { revision: a.revision, configVersion: a.configVersion },
      revision: a.revision,
    });
    expect(listServed(emulator)).toEqual([
      `${a.revision} 100 → ${IMAGE}:v1.108.13 ${a.configVersion} 1`,
    ]);
  });

  test("does not hold the next deploy back", async () => {
    const next = await deployLocal(workspace, "--master-key=generate");
    expect(next.configVersion).toBe(b.configVersion);
    expect(listServed(emulator)).toEqual([
      `${next.revision} 100 → ${IMAGE}:v1.108.14 ${b.configVersion} 2`,
    ]);
  });
});

itConforms(() => emulator.exchanges);
