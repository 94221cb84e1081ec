import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { NOTHING, isWrite, takeInventory } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const CONFIG = "config/litellm.vertex.yaml";

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

/** prod-us and prod-eu are two regions of one service: they share account and secrets. */
async function run(
  script: string,
  env: string,
  ...args: string[]
): Promise<string> {
  const finished = await workspace.script(script, [env, "--yes", ...args], {
    env: { PROJECT_ID: "demo-litellm" },
  });
  expectDone(finished);
  return finished.stderr;
}

describe("two envs in one project", () => {
  test("share the account, the secrets and their versions", async () => {
    await run("deploy.ts", "prod-us");
    const before = takeInventory(emulator);
    await run("deploy.ts", "prod-eu");
    const after = takeInventory(emulator);
    expect(after.services).toEqual([
      "europe-west1/litellm-proxy-prod → 100 %",
      "us-central1/litellm-proxy-prod → 100 %",
    ]);
    expect({ ...after, services: [] }).toEqual({ ...before, services: [] });
  });

  test("are protected: --yes is not enough to remove one", async () => {
    const before = emulator.exchanges.length;
    const options = { env: { PROJECT_ID: "demo-litellm" } };
    const { exitCode, stderr } = await workspace.script(
      "clean.ts",
      ["prod-us", "--yes"],
      options,
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain("env prod-us is protected");
    expect(stderr).toContain(
      "npx tsx scripts/clean.ts prod-us --confirm=prod-us",
    );
    const typed = await workspace.scriptOnTerminal(
      "clean.ts",
      ["prod-us", "--yes"],
      [["Type the env's name, prod-us:", "prod-eu\r"]],
      options,
    );
    expect(typed.stdout).toContain("not confirmed; nothing was removed");
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("leave to each other what they share when one is removed", async () => {
    const before = takeInventory(emulator);
    const stderr = await run("clean.ts", "prod-us", "--confirm=prod-us");
    expect(stderr).toContain("used by service litellm-proxy-prod");
    expect(takeInventory(emulator)).toEqual({
      ...before,
      services: ["europe-west1/litellm-proxy-prod → 100 %"],
    });
    await run("verify.ts", "prod-eu", "--quick");
  });

  test("keep to each other what an older revision reads when aliases are pruned", async () => {
    const change = (line: string) =>
      workspace.edit(CONFIG, (text) => `${text}# ${line}\n`);
    const secret = emulator.cloud
      .project(emulator.projectId)
      .secrets.get("litellm-config");
    if (secret === undefined) throw new Error("no config secret");
    const [oldest = ""] = Object.keys(secret.versionAliases);
    await change("of the second revision");
    await run("deploy.ts", "prod-eu");
    for (let n = Object.keys(secret.versionAliases).length; n < 50; n += 1) {
      secret.versionAliases[`sha-${String(n).padStart(12, "0")}`] = 2;
    }
    await change("of the other env");
    await run("deploy.ts", "prod-us");
    expect(Object.keys(secret.versionAliases)).toHaveLength(50);
    expect(secret.versionAliases).toHaveProperty([oldest], 1);
    await run("rollback.ts", "prod-eu");
    await run("clean.ts", "prod-us", "--confirm=prod-us");
  });

  test("leave nothing when both are removed", async () => {
    await run("clean.ts", "prod-eu", "--confirm=prod-eu");
    expect(takeInventory(emulator)).toMatchObject(NOTHING);
  });
});

itConforms(() => emulator.exchanges);
