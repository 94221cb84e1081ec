import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import type { TestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { startThreeStages } from "../support/three-stages.ts";
import type { Workspace } from "../support/workspace.ts";

const CI = ["--ci=github", "--github=team/gateway"];
const IDS = "--github-ids=11/22";
const WORKFLOW = ".github/workflows/release.yml";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  ({ emulator, workspace } = await startThreeStages());
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function setup(...args: string[]): Promise<string> {
  const finished = await workspace.script("setup.ts", args);
  expectDone(finished);
  return finished.stdout + finished.stderr;
}

function workflow(): Promise<string> {
  return readFile(path.join(workspace.directory, WORKFLOW), "utf8");
}

async function countWrites(run: () => Promise<unknown>): Promise<number> {
  const before = emulator.exchanges.length;
  await run();
  return emulator.exchanges.slice(before).filter(isWrite).length;
}

test("a set-up for GitHub shows its workflow, and writes nothing unless somebody agrees", async () => {
  const writes = await countWrites(async () => {
    const { exitCode, stderr } = await workspace.script("setup.ts", CI);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`- ${WORKFLOW} (new)`);
    expect(stderr).toContain(`${CI.join(" ")} --yes`);
  });
  expect(writes).toBe(0);
  await expect(workflow()).rejects.toThrow("ENOENT");
});

test("it is pasted into bash with the same effect, and makes no write the second time", async () => {
  const { stdout } = await workspace.script("setup.ts", [
    ...CI,
    IDS,
    "--dry-run",
  ]);
  const pasted = await workspace.paste(stdout);
  expect(`${String(pasted.exitCode)} ${pasted.stderr}`).toMatch(/^0 /);
  expect(await workflow()).toContain("google-github-actions/auth@");
  const writes = await countWrites(async () => {
    // Without the numbers, too: those that are known stay.
    expect(await setup(...CI)).toContain("Nothing to do.");
  });
  expect(writes).toBe(0);
});

test("a workflow that somebody changed is shown as a difference, and changed with consent", async () => {
  await workspace.edit(WORKFLOW, (text) => text.replace("release:", "mine:"));
  const { stderr } = await workspace.script("setup.ts", CI);
  expect(stderr).toContain(`- ${WORKFLOW}, which differs`);
  expect(stderr).toContain("-   mine:");
  expect(stderr).toContain("+   release:");
  expect(await workflow()).toContain("mine:");
  await setup(...CI, "--yes");
  expect(await workflow()).not.toContain("mine:");
});

test("only GitHub's part is taken away, and comes back although its name was taken", async () => {
  expect(await setup("--remove", "--ci=github", "--yes")).toContain("Removed.");
  const [account] = [
    ...emulator.cloud.project("demo-litellm").serviceAccounts.values(),
  ].filter(({ email }) => email.startsWith("litellm-build@"));
  expect(JSON.stringify(account?.policy.bindings)).not.toContain(
    "principalSet",
  );
  const back = await setup(...CI, IDS, "--yes", "--json");
  expect(back).toContain("Bring back workload identity pool litellm-github");
});

test("all of it is taken away, and again", async () => {
  await setup("--remove", "--yes");
  expect(await setup("--remove", "--yes")).toContain("Nothing to do.");
});

itConforms(() => emulator.exchanges);
