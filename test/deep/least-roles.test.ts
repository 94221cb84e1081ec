import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../../emulator/core/cloud.ts";
import type { Binding } from "../../emulator/core/policy.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { takeInventory } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// The commands of docs/deploying.md, "Least roles", are what gives the roles here.

const PREPARER: Member = "user:ann@example.com";
const DEPLOYER: Member = "user:bob@example.com";
/** What an error of a read names where Google's words name no permission (its details do). */
const PROJECT = "v1/projects/demo-litellm";
const DOCUMENT = path.resolve(import.meta.dirname, "../../docs/deploying.md");

let emulator: TestEmulator;
let workspace: Workspace;
let blocks: string[];

beforeAll(async () => {
  const text = await readFile(DOCUMENT, "utf8");
  const [, section = ""] = text.split("## Least roles\n");
  const [own = ""] = section.split("\n## ");
  blocks = [...own.matchAll(/```sh\n(.*?)```/gs)].map(([, code = ""]) => code);
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** Pastes a documented block, as the owner, for the member. */
async function give(block: number, member: Member): Promise<void> {
  const code = (blocks[block] ?? "")
    .replace("P=my-project", "P=demo-litellm")
    .replace(/WHO=\S+/, `WHO=${member}`);
  const { exitCode, stderr } = await workspace.paste(`set -e\n${code}`);
  expect(exitCode, stderr).toBe(0);
}

function as(
  member: Member,
  script: string,
  ...args: string[]
): Promise<Finished> {
  const env = emulator.envFor(member);
  return workspace.script(script, ["local", ...args], { env });
}

async function succeed(...run: Parameters<typeof as>): Promise<void> {
  const { exitCode, stderr } = await as(...run);
  expect(`${String(exitCode)} ${stderr}`).toMatch(/^0 /);
}

/** Something that a deploy has to bring. */
let change = 0;
async function changeConfig(): Promise<void> {
  change += 1;
  await workspace.edit(
    "config/litellm.vertex.yaml",
    (text) => `${text}\n# change ${String(change)}\n`,
  );
}

async function without<T>(
  member: Member,
  role: string,
  work: () => Promise<T>,
): Promise<T> {
  const held = emulator.cloud
    .policies()
    .flatMap(({ bindings }) => bindings)
    .filter((one) => one.role === role && one.members.includes(member));
  expect(held).not.toEqual([]);
  for (const binding of held) {
    binding.members = binding.members.filter((one) => one !== member);
  }
  try {
    return await work();
  } finally {
    for (const binding of held) binding.members.push(member);
  }
}

describe("who prepares", { timeout: 240_000 }, () => {
  let prepared: Binding[];

  test("gets all prepared, and stops at the service, by the permission's name", async () => {
    await give(0, PREPARER);
    const { policy } = emulator.cloud.project("demo-litellm");
    prepared = structuredClone(policy.bindings);
    const { exitCode, stderr } = await as(PREPARER, "deploy.ts");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Permission 'run.services.get' denied");
    expect(takeInventory(emulator).secrets).toHaveLength(2);
  });

  test.each([
    ["roles/serviceusage.serviceUsageAdmin", `${PROJECT}/services:batchGet`],
    ["roles/iam.serviceAccountAdmin", "iam.serviceAccounts.create"],
    ["roles/secretmanager.admin", "secretmanager.secrets.create"],
    ["roles/resourcemanager.projectIamAdmin", `${PROJECT}:getIamPolicy`],
  ])("cannot do without %s", async (role, named) => {
    const other = await startTestEmulator({ litellm: "stand-in" });
    const place = await makeWorkspace(other);
    other.cloud.project("demo-litellm").policy.bindings = prepared.filter(
      (binding) => binding.role !== role,
    );
    const env = other.envFor(PREPARER);
    const { exitCode, stderr } = await place.script("deploy.ts", ["local"], {
      env,
    });
    await place.remove();
    await other.close();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(named);
  });
});

describe("who deploys", { timeout: 240_000 }, () => {
  test("deploys, verifies and rolls back", async () => {
    await give(1, DEPLOYER);
    await succeed(DEPLOYER, "deploy.ts");
    await changeConfig();
    await succeed(DEPLOYER, "deploy.ts");
    await succeed(DEPLOYER, "verify.ts", "--quick");
    await succeed(DEPLOYER, "rollback.ts", "--yes");
  });

  test.each([
    ["roles/run.admin", "run.services.get"],
    ["roles/browser", `${PROJECT}:getIamPolicy`],
    ["roles/serviceusage.serviceUsageConsumer", `${PROJECT}/services:batchGet`],
    ["roles/iam.serviceAccountUser", "iam.serviceAccounts.get"],
    ["roles/secretmanager.admin", "secretmanager.secrets.get"],
  ])("cannot do without %s", async (role, named) => {
    await changeConfig();
    const { exitCode, stderr } = await without(DEPLOYER, role, () =>
      as(DEPLOYER, "deploy.ts"),
    );
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(named);
  });

  test("cleans with both sets, and only so", async () => {
    const { exitCode, stderr } = await as(DEPLOYER, "clean.ts", "--yes");
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("resourcemanager.projects.setIamPolicy");
    await give(0, DEPLOYER);
    await succeed(DEPLOYER, "clean.ts", "--yes");
    expect(takeInventory(emulator)).toMatchObject({
      accounts: [],
      secrets: [],
      services: [],
    });
  });

  test("has no role that is not left out above", () => {
    const documented = blocks.flatMap((block) => [
      ...block.matchAll(/for ROLE in ([^;]+); do/g),
    ]);
    const roles = documented.flatMap(([, list = ""]) => list.split(" "));
    expect(roles.sort()).toEqual([
      "browser",
      "iam.serviceAccountAdmin",
      "run.admin",
      "secretmanager.admin",
      "serviceusage.serviceUsageAdmin",
      "serviceusage.serviceUsageConsumer",
    ]);
  });
});
