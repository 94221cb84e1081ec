import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { neutralEnvironment } from "../support/environment.ts";
import {
  NOTHING,
  type Inventory,
  isWrite,
  takeInventory,
} from "../support/inventory.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

let emulator: TestEmulator;
let workspace: Workspace;
let onWrite: () => void = () => undefined;
/** What a deploy that nothing disturbed leaves. */
let whole: Inventory;
let writes: number;

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    record: (exchange) => {
      if (isWrite(exchange)) onWrite();
    },
  });
  workspace = await makeWorkspace(emulator);
  let count = 0;
  onWrite = () => {
    count += 1;
  };
  const run = await workspace.script("deploy.ts");
  expect(run.exitCode).toBe(0);
  writes = count;
  whole = takeInventory(emulator);
  await clean();
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** Deploys, and kills the script and its gcloud processes right after the nth write. */
async function deployKilledAfter(n: number): Promise<void> {
  const { command, args, env } = scriptCommand("deploy.ts", ["local"]);
  const child = spawn(command, args, {
    cwd: workspace.directory,
    env: { ...neutralEnvironment(), ...emulator.env, ...env },
    detached: true,
    stdio: "ignore",
  });
  let count = 0;
  onWrite = () => {
    count += 1;
    if (count === n && child.pid !== undefined) {
      process.kill(-child.pid, "SIGKILL");
    }
  };
  await once(child, "exit");
  onWrite = () => undefined;
}

async function clean(): Promise<void> {
  onWrite = () => undefined;
  const run = await workspace.script("clean.ts", ["local", "--yes"]);
  expect(run.stderr).not.toContain("error:");
  expect(run.exitCode).toBe(0);
  expect(takeInventory(emulator)).toMatchObject(NOTHING);
}

describe("a deploy that is killed", () => {
  test("after any of its writes is cleaned without a trace", async () => {
    expect(writes).toBeGreaterThan(8);
    for (let n = 1; n <= writes; n += 1) {
      await deployKilledAfter(n);
      await clean();
    }
  }, 240_000);

  test.each([5, 9])(
    "after write %i is finished by running it again",
    async (n) => {
      await deployKilledAfter(n);
      const run = await workspace.script("deploy.ts");
      expect(run.stderr).not.toContain("error:");
      expect(run.exitCode).toBe(0);
      const { secrets, ...rest } = takeInventory(emulator);
      expect(rest).toMatchObject({
        accounts: whole.accounts,
        bindings: whole.bindings,
        services: whole.services,
      });
      expect(secrets).toHaveLength(whole.secrets.length);
      await clean();
    },
  );
});

itConforms(() => emulator.exchanges);
