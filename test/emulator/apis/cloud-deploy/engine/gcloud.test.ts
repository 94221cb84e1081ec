import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  addAutomation,
  addRelease,
  changeTarget,
  createRollout,
  inState,
  phaseInState,
  rolloutId,
  startDeliveryEmulator,
  trafficOf,
} from "../../../../support/pipeline.ts";
import { itConforms } from "../../../../support/discovery.ts";
import type { TestEmulator } from "../../../../support/emulator.ts";

const PIPELINE = ["--delivery-pipeline=litellm", "--region=us-central1"];

let emulator: TestEmulator;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litellm-gcloud-deploy-"));
  emulator = await startDeliveryEmulator();
  changeTarget(emulator, "prod-us", { requireApproval: true });
  addRelease(emulator, "one");
  addRelease(emulator, "two", { failOnce: join(directory, "failed") });
  await createRollout(emulator, "one", "dev");
  await inState(emulator, rolloutId("one", "dev"), "SUCCEEDED");
});

afterAll(async () => {
  await emulator.close();
  await rm(directory, { recursive: true, force: true });
});

/** What `gcloud deploy` prints as JSON. */
async function deploy(...args: string[]): Promise<unknown> {
  const finished = await emulator.gcloud([
    "deploy",
    ...args,
    ...PIPELINE,
    "--format=json",
  ]);
  expect(finished).toMatchObject({ exitCode: 0 });
  return JSON.parse(finished.stdout || "null") as unknown;
}

it("promotes a release to the next target, where it is approved", async () => {
  const id = rolloutId("one", "prod-us");

  expect(await deploy("releases", "promote", "--release=one")).toMatchObject({
    targetId: "prod-us",
    approvalState: "NEEDS_APPROVAL",
    state: "PENDING_APPROVAL",
  });
  await deploy("rollouts", "approve", id, "--release=one");

  await inState(emulator, id, "SUCCEEDED");
  expect(
    await deploy("rollouts", "describe", id, "--release=one"),
  ).toMatchObject({ state: "SUCCEEDED", approvalState: "APPROVED" });
});

it("retries a job", async () => {
  await createRollout(emulator, "two", "dev");
  const id = rolloutId("two", "dev");
  await inState(emulator, id, "FAILED");

  await deploy(
    ...["rollouts", "retry-job", id, "--release=two"],
    ...["--phase-id=stable", "--job-id=verify"],
  );

  await inState(emulator, id, "SUCCEEDED");
  expect(
    await deploy("job-runs", "list", "--release=two", `--rollout=${id}`),
  ).toMatchObject([
    { jobId: "deploy", state: "SUCCEEDED" },
    {
      jobId: "verify",
      state: "FAILED",
      verifyJobRun: {
        failureMessage: 'Verify container "verify" failed with exit code 4.',
      },
    },
    { jobId: "verify", state: "SUCCEEDED" },
  ]);
});

it("rejects, and advances and cancels a canary", async () => {
  const second = rolloutId("two", "prod-us", 2);
  await deploy("releases", "promote", "--release=two");
  await deploy(
    ...["rollouts", "reject", rolloutId("two", "prod-us"), "--release=two"],
  );
  await deploy("releases", "promote", "--release=two", "--to-target=prod-us");
  await deploy("rollouts", "approve", second, "--release=two");
  await phaseInState(emulator, second, "canary-0", "SUCCEEDED");
  await deploy(
    ...["rollouts", "advance", second, "--release=two"],
    "--phase-id=canary-10",
  );
  await phaseInState(emulator, second, "canary-10", "SUCCEEDED");
  await deploy("rollouts", "cancel", second, "--release=two");

  expect(trafficOf(emulator, "prod-us")).toEqual([
    "one 90 prior",
    "two 10 canary",
  ]);
  expect(await deploy("rollouts", "list", "--release=two")).toMatchObject([
    { targetId: "dev", state: "SUCCEEDED" },
    { targetId: "prod-us", state: "APPROVAL_REJECTED" },
    { targetId: "prod-us", state: "CANCELLED" },
  ]);
});

it("rolls a target back, which automations then watch", async () => {
  addAutomation(emulator, "promote", "standard", [
    { promoteReleaseRule: { id: "promote", destinationTargetId: "prod-eu" } },
  ]);

  expect(await deploy("targets", "rollback", "dev")).toMatchObject({
    targetId: "dev",
    description: "Rollback from two",
  });

  await inState(emulator, rolloutId("one", "dev", 2), "SUCCEEDED");
  expect(trafficOf(emulator, "dev")).toEqual(["one 100 "]);
  await inState(emulator, rolloutId("one", "prod-eu"), "SUCCEEDED");
  expect(await deploy("automation-runs", "list")).toMatchObject([
    { automationId: "promote", state: "SUCCEEDED", targetId: "dev" },
  ]);
});

itConforms(() => emulator.exchanges);
