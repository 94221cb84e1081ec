import { afterAll, beforeAll, expect, test } from "vitest";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { takeInventory } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";
import { deliveryOf } from "../../emulator/apis/cloud-deploy/state.ts";
import { storageOf } from "../../emulator/apis/storage/state.ts";
import { registryOf } from "../../emulator/apis/artifact-registry/state.ts";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  emulator.cloud.createProject("demo-prod", DEVELOPER);
  workspace = await makeWorkspace(emulator);
  await workspace.setProject("dev", "demo-litellm");
  await workspace.setProject("prod-us", "demo-prod");
  await workspace.setProject("prod-eu", "demo-prod");
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** What is left of a project's own, and what the pipeline is made of. */
function look(): unknown {
  const { cloud } = emulator;
  const delivery = deliveryOf(cloud);
  return {
    dev: takeInventory(emulator),
    prod: takeInventory({ ...emulator, projectId: "demo-prod" }),
    delivery: [delivery.pipelines, delivery.targets, delivery.automations]
      .flatMap((store) => [...store.keys()])
      .sort(),
    buckets: [...storageOf(cloud).buckets.keys()],
    repositories: [...registryOf(cloud).repositories.keys()],
  };
}

async function setup(...args: string[]): Promise<string> {
  const finished = await workspace.script("setup.ts", args);
  expectDone(finished);
  return finished.stdout + finished.stderr;
}

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

test("a set-up is taken away half made", async () => {
  await emulator.gcloud([
    ...["iam", "service-accounts", "delete", "--quiet"],
    "litellm-build@demo-litellm.iam.gserviceaccount.com",
  ]);
  await emulator.gcloud([
    ...["deploy", "targets", "delete", "prod-eu", "--quiet"],
    "--region=us-central1",
  ]);
  await setup("--remove", "--yes");
  expect(look()).toMatchObject({
    delivery: [],
    buckets: [],
    repositories: [],
    dev: { accounts: [], bindings: [], secrets: [] },
    prod: { accounts: [], bindings: [], secrets: [] },
  });
});

itConforms(() => emulator.exchanges);
