import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  expectDone(await workspace.script("deploy.ts", ["local"]));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

test("what was changed by hand is told so, by whom, and put back", async () => {
  const byHand = async (...args: string[]): Promise<void> => {
    const where = ["--region=us-central1", "--project=demo-litellm"];
    const { exitCode } = await emulator.gcloud([
      ...["run", "services", ...args, "litellm-proxy", ...where],
    ]);
    expect(exitCode).toBe(0);
  };
  await byHand("update", "--memory=2Gi");
  await byHand("update-traffic", "--to-latest");
  const run = await workspace.script("plan.ts", [
    "local",
    "--expect-no-changes",
  ]);
  expect(run.stdout).toContain("2Gi → 1Gi (by hand)");
  expect(run.stdout).toMatch(/by hand: litellm-proxy-\S+, by developer@/);
  expect(run.stdout).toContain("(changed by hand, and put back)");
  expect(run.exitCode).toBe(1);
  const deployed = await workspace.script("deploy.ts", ["local"]);
  expect(deployed.stderr).toContain("2Gi → 1Gi (by hand)");
  expect(deployed.exitCode).toBe(0);
});
