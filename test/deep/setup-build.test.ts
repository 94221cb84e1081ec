import { cp } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registryOf } from "../../emulator/apis/artifact-registry/state.ts";
import { deliveryOf } from "../../emulator/apis/cloud-deploy/state.ts";
import { itConforms } from "../support/discovery.ts";
import type { TestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { startThreeStages } from "../support/three-stages.ts";
import type { Workspace } from "../support/workspace.ts";

const TOOLS = "us-central1-docker.pkg.dev/demo-litellm/litellm/tools";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  ({ emulator, workspace } = await startThreeStages());
  // What else a build is made from.
  for (const file of [
    "Dockerfile",
    "launch.js",
    ".gcloudignore",
    ".gitignore",
  ]) {
    await cp(file, path.join(workspace.directory, file));
  }
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

test("a set-up says what is still to be built", async () => {
  const output = await setup();
  expect(output).toContain(`${TOOLS}:latest: the tools image`);
  expect(output).toContain("the mirror of docker.io/litellm/litellm:");
  expect(output).toContain("setup.ts --build");
});

test("it refuses a tools image that is not there, and --build where all is taken away", async () => {
  const before = emulator.exchanges.length;
  for (const [args, words] of [
    [[`--tools-image=${TOOLS}:mine`], "there is no image"],
    [["--tools-image=docker.io/x/y:1"], "not an image in Artifact Registry"],
    [["--build", "--remove"], "give one of them"],
    [["dev", "--build", "--alerts=a@b.example"], "about the pipeline"],
  ] as const) {
    const { exitCode, stderr } = await workspace.script("setup.ts", args);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(words);
  }
  expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
});

test("a build that fails says where its log is", async () => {
  await workspace.edit("cloudbuild.yaml", (text) =>
    text.replace("_TEST: validate", "_TEST: no-such"),
  );
  const { exitCode, stderr } = await workspace.script("setup.ts", ["--build"]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /Its log: gcloud builds log [0-9a-f-]{36} --region=us-central1/,
  );
  await workspace.edit("cloudbuild.yaml", (text) =>
    text.replace("_TEST: no-such", "_TEST: validate"),
  );
});

test("with --build it builds both, releases nothing, and builds nothing again", async () => {
  const output = await setup("--build");
  expect(output).toContain("Build the tools image, test it, and mirror");
  expect(output).not.toContain("To be built");
  expect(deliveryOf(emulator.cloud).releases.size).toBe(0);
  const again = await setup("--build");
  expect(again).toContain("Nothing to do.");
  expect(again).not.toContain("To be built");
});

test("a tools image from elsewhere is taken by its digest", async () => {
  const [repository] = [...registryOf(emulator.cloud).repositories.values()];
  const image = repository?.images.find((one) => one.package === "tools");
  const pinned = `${TOOLS}@${image?.digest ?? ""}`;
  // The latest one is none any more.
  image?.tags.delete("latest");
  image?.tags.add("mine");
  const named = `--tools-image=${TOOLS}:mine`;
  const output = await setup("--build", named);
  expect(output).toContain("Nothing to do.");
  expect(output).toContain(`scripts/release.ts --tools-image=${pinned}`);
  const release = await workspace.script("release.ts", [named, "--dry-run"]);
  expect(release.stdout).toContain(`image: ${pinned}`);
});

itConforms(() => emulator.exchanges);
