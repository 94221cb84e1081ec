import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import type { TestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite, takeDelivery, takeInventory } from "../support/inventory.ts";
import { startThreeStages } from "../support/three-stages.ts";
import type { Workspace } from "../support/workspace.ts";

const REPOSITORY =
  "--repository=projects/demo-litellm/locations/us-central1/connections/c/repositories/r";

// Pasted, changed, and taken away: test/deep/setup.test.ts.

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  ({ emulator, workspace } = await startThreeStages());
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

async function countWrites(run: () => Promise<unknown>): Promise<number> {
  const before = emulator.exchanges.length;
  await run();
  return emulator.exchanges.slice(before).filter(isWrite).length;
}

async function setup(...args: string[]): Promise<string> {
  const finished = await workspace.script("setup.ts", args);
  expectDone(finished);
  return finished.stdout + finished.stderr;
}

describe("setup", { timeout: 120_000 }, () => {
  test("previews without a write", async () => {
    let preview = "";
    const writes = await countWrites(async () => {
      preview = await setup("--dry-run");
    });
    expect(writes).toBe(0);
    expect(preview).toContain("gcloud deploy apply --file=/dev/stdin");
  });

  test("makes the pipeline, which the real gcloud accepts", async () => {
    const output = await setup(REPOSITORY);
    expect(output).toContain("Set up.");
    expect(look()).toMatchObject({
      delivery: [
        ...[
          "advance",
          "advance-first",
          "promote",
          "repair",
          "repair-first",
        ].map(
          (name) =>
            `projects/demo-litellm/locations/us-central1/deliveryPipelines/litellm/automations/${name}`,
        ),
        "projects/demo-litellm/locations/us-central1/deliveryPipelines/litellm",
        ...["dev", "prod-eu", "prod-us"].map(
          (env) => `projects/demo-litellm/locations/us-central1/targets/${env}`,
        ),
      ].sort(),
    });
  });

  test("makes no write the second time", async () => {
    let output = "";
    const writes = await countWrites(async () => {
      output = await setup(REPOSITORY);
    });
    expect(output).toContain("Nothing to do.");
    expect(writes).toBe(0);
  });

  test("leaves the deployer nothing to prepare", async () => {
    const env = emulator.envFor(
      "serviceAccount:litellm-deployer@demo-litellm.iam.gserviceaccount.com",
    );
    const args = ["dev", "--dry-run"];
    const { stdout } = await workspace.script("deploy.ts", args, { env });
    expect(stdout).not.toMatch(
      /services enable|service-accounts create|projects add-iam-policy-binding|secrets create/,
    );
    expect(stdout).toContain("gcloud run services replace");
  });
});

describe("setup refuses, before anything is written,", () => {
  async function refuse(
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<string> {
    let text = "";
    const writes = await countWrites(async () => {
      const run = await workspace.script("setup.ts", args, { env });
      expect(run.exitCode).not.toBe(0);
      text = run.stderr;
    });
    expect(writes).toBe(0);
    return text;
  }

  test("an env file that is no stage, and a stage without one", async () => {
    const extra = path.join(workspace.directory, "envs/asia.env");
    await writeFile(extra, "REGION=asia-east1\n");
    expect(await refuse()).toContain(
      "envs/asia.env: no stage of clouddeploy.yaml",
    );
    await rm(extra);
    await workspace.edit("clouddeploy.yaml", (text) =>
      text.replace("targetId: prod-eu", "targetId: prod-au"),
    );
    const stderr = await refuse();
    expect(stderr).toContain(
      "stage prod-au has no env file: make envs/prod-au.env",
    );
    expect(stderr).toContain("envs/prod-eu.env: no stage of clouddeploy.yaml");
    await workspace.edit("clouddeploy.yaml", (text) =>
      text.replace("targetId: prod-au", "targetId: prod-eu"),
    );
  });

  test("two modes in one pipeline", async () => {
    await workspace.edit("envs/prod-us.env", (text) =>
      text.replace("MODE=vertex", "MODE=apikey"),
    );
    expect(await refuse()).toContain(
      "envs/prod-us.env: MODE=apikey, but envs/dev.env has vertex",
    );
    await workspace.edit("envs/prod-us.env", (text) =>
      text.replace("MODE=apikey", "MODE=vertex"),
    );
  });

  test("a target's project without billing", async () => {
    emulator.cloud.project("demo-prod").billingEnabled = false;
    expect(await refuse()).toContain(
      "project demo-prod has no billing account",
    );
    emulator.cloud.project("demo-prod").billingEnabled = true;
  });

  test("a parameter that Cloud Deploy would refuse", async () => {
    await workspace.edit("clouddeploy.yaml", (text) =>
      text.replace(
        "requireApproval: true",
        `requireApproval: true\ndeployParameters:\n  CLOUD_DEPLOY_X: "1"\n  note: ${"x".repeat(513)}`,
      ),
    );
    const stderr = await refuse();
    expect(stderr).toContain("target prod-us: parameter CLOUD_DEPLOY_X");
    expect(stderr).toContain(
      "target prod-us: parameter note has 513 characters",
    );
  });
});

itConforms(() => emulator.exchanges);
