import { expect } from "vitest";
import type { Finished, TestEmulator } from "./emulator.ts";
import { isWrite } from "./inventory.ts";
import type { Workspace } from "./workspace.ts";

/** Deploys, which has to end before any write. */
export async function refuseDeploy(
  { emulator, workspace }: { emulator: TestEmulator; workspace: Workspace },
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const before = emulator.exchanges.length;
  const run = await workspace.script("deploy.ts", args, { env });
  expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  expect(run.stdout).toBe("");
  return run;
}
