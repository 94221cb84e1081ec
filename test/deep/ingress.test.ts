import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const INTERNAL = { INGRESS: "internal" };

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

function deploy(env: Record<string, string> = {}): Promise<Finished> {
  return workspace.script("deploy.ts", ["local"], { env });
}

function serving(): string[] {
  const targets = findService(emulator)?.serving ?? [];
  return targets.flatMap(({ revisionName, percent = 0 }) =>
    percent > 0 ? [revisionName] : [],
  );
}

test(
  "a service that is closed to the internet is not verified from there, and that is said before",
  { timeout: 400_000 },
  async () => {
    expectDone(await deploy());

    const closing = await deploy(INTERNAL);
    expectDone(closing);
    expect(closing.stderr).toContain("note: ingress becomes internal");
    const served = serving();
    expect(served).toHaveLength(1);

    const before = emulator.exchanges.length;
    const previewed = await workspace.script(
      "deploy.ts",
      ["local", "--dry-run"],
      { env: { ...INTERNAL, TIMEOUT: "222" } },
    );
    expectDone(previewed);
    expect(previewed.stderr).toContain("note: ingress is internal");
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);

    const refused = await deploy({ ...INTERNAL, TIMEOUT: "222" });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr.indexOf("note: ingress is internal")).toBeLessThan(
      refused.stderr.indexOf("- Bring up candidate"),
    );
    expect(refused.stderr).toMatch(/machine\s+inside\s+the\s+project's\s+VPC/);
    expect(refused.stderr).toContain("The traffic was not touched");
    expect(serving()).toEqual(served);
  },
);
