import { afterAll, beforeAll, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import type { TestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { takeDelivery, takeInventory } from "../support/inventory.ts";
import { startThreeStages } from "../support/three-stages.ts";
import type { Workspace } from "../support/workspace.ts";

const NOTHING_LEFT = {
  delivery: [],
  buckets: [],
  repositories: [],
  dev: { accounts: [], bindings: [], secrets: [] },
  prod: { accounts: [], bindings: [], secrets: [] },
};

let emulator: TestEmulator;
let workspace: Workspace;
let takesEmptyPhases = false;

beforeAll(async () => {
  ({ emulator, workspace } = await startThreeStages({
    takesEmptyPhases: () => takesEmptyPhases,
  }));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function look(): unknown {
  return {
    dev: takeInventory(emulator),
    prod: takeInventory({ ...emulator, projectId: "demo-prod" }),
    ...takeDelivery(emulator),
  };
}

async function setup(...args: string[]): Promise<string> {
  const finished = await workspace.script("setup.ts", args);
  expectDone(finished);
  return finished.stdout + finished.stderr;
}

test("a set-up says what to change where Cloud Deploy takes no phase of 0 %", async () => {
  const { exitCode, stderr } = await workspace.script("setup.ts", []);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("percentages: [1] in place of [0]");

  takesEmptyPhases = true;
});

test("a set-up is pasted into bash with the same effect", async () => {
  const preview = await workspace.script("setup.ts", ["--dry-run"]);
  const pasted = await workspace.paste(preview.stdout);
  expect(`${String(pasted.exitCode)} ${pasted.stderr}`).toMatch(/^0 /);
  const output = await setup();
  expect(output).toContain("Nothing to do.");
  expect(output).toContain(
    "https://console.cloud.google.com/cloud-build/repositories/2nd-gen;region=us-central1?project=demo-litellm",
  );
});

test("a set-up writes only what of an env is the target's: the rest travels with a release", async () => {
  await workspace.edit("envs/dev.env", (text) => `${text}CPU=2\n`);
  expect(await setup("--json")).toContain(`"done": []`);
  await workspace.edit("envs/dev.env", (text) => `${text}SERVICE=other\n`);
  const output = await setup("--json");
  const title = "Apply to Cloud Deploy: target dev (description)";
  expect(output).toContain(title);
  expect(output).toContain(`"done": [\n    "${title}"\n  ]`);
});

test("a set-up is taken away, and again", async () => {
  expect(await setup("--remove", "--yes")).toContain("Removed.");
  expect(look()).toMatchObject(NOTHING_LEFT);
  expect(await setup("--remove", "--yes")).toContain("Nothing to do.");
});

test("a set-up is taken away half made", async () => {
  await setup();
  await emulator.gcloud([
    ...["iam", "service-accounts", "delete", "--quiet"],
    "litellm-build@demo-litellm.iam.gserviceaccount.com",
  ]);
  await emulator.gcloud([
    ...["deploy", "targets", "delete", "prod-eu", "--quiet"],
    "--region=us-central1",
  ]);
  await setup("--remove", "--yes");
  expect(look()).toMatchObject(NOTHING_LEFT);
});

itConforms(() => emulator.exchanges);
