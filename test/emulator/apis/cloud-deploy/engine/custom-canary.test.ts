import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  act,
  addAutomation,
  addRelease,
  changeStage,
  changeTarget,
  createRollout,
  deployStable,
  inState,
  phaseInState,
  rolloutId,
  startDeliveryEmulator,
  trafficOf,
} from "../../../../support/pipeline.ts";
import { itConforms } from "../../../../support/discovery.ts";
import type { TestEmulator } from "../../../../support/emulator.ts";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startDeliveryEmulator({ repairsAskApproval: true });
  changeStage(emulator, "prod-us", {
    strategy: {
      canary: {
        runtimeConfig: { cloudRun: { automaticTrafficControl: true } },
        customCanaryDeployment: {
          phaseConfigs: [
            {
              phaseId: "quiet",
              percentage: 0,
              verify: true,
              predeploy: { actions: ["check"] },
            },
            { phaseId: "half", percentage: 50 },
            { phaseId: "stable", percentage: 100, verify: true },
          ],
        },
      },
    },
  });
});

afterAll(() => emulator.close());

describe("a custom canary", () => {
  it("goes through the phases that it was given, each with its own jobs", async () => {
    addRelease(emulator, "one");
    await deployStable(emulator, "one", "prod-us");
    addRelease(emulator, "two");
    await createRollout(emulator, "two", "prod-us");
    const id = rolloutId("two", "prod-us");

    await phaseInState(emulator, id, "quiet", "SUCCEEDED");
    expect(trafficOf(emulator, "prod-us")).toEqual(["one 100 ", "two 0 "]);
    const rollout = await inState(emulator, id, "IN_PROGRESS");
    await act(emulator, rollout, "advance", { phaseId: "half" });
    await phaseInState(emulator, id, "half", "SUCCEEDED");
    expect(trafficOf(emulator, "prod-us")).toEqual(["one 50 ", "two 50 "]);
    await act(emulator, rollout, "advance", { phaseId: "stable" });
    const done = await inState(emulator, id, "SUCCEEDED");

    expect(trafficOf(emulator, "prod-us")).toEqual(["two 100 "]);
    expect(
      done.phases.map(({ deploymentJobs: jobs }) => [
        jobs.predeployJob?.state,
        jobs.deployJob.state,
        jobs.verifyJob.state,
      ]),
    ).toEqual([
      ["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"],
      [undefined, "SUCCEEDED", "DISABLED"],
      [undefined, "SUCCEEDED", "SUCCEEDED"],
    ]);
  });

  it("deploys nothing where an action before it fails", async () => {
    addRelease(emulator, "refused", { failIn: "quiet" });
    await createRollout(emulator, "refused", "prod-us");

    const failed = await inState(
      emulator,
      rolloutId("refused", "prod-us"),
      "FAILED",
    );

    expect(failed.failureReason).toContain(
      "The predeploy job of phase quiet failed",
    );
    expect(failed.phases[0]?.deploymentJobs.deployJob.state).toBe("ABORTED");
    expect(trafficOf(emulator, "prod-us")).toEqual(["two 100 "]);
  });

  it("is rolled back by a repair that waits for approval, where that is how Google does it", async () => {
    addAutomation(emulator, "repair", "canary", [
      {
        repairRolloutRule: {
          id: "repair",
          jobs: ["verify"],
          repairPhases: [{ rollback: {} }],
        },
      },
    ]);
    changeTarget(emulator, "prod-us", { requireApproval: true });
    addRelease(emulator, "good");
    await createRollout(emulator, "good", "prod-us");
    const good = rolloutId("good", "prod-us");
    const first = await inState(emulator, good, "PENDING_APPROVAL");
    await act(emulator, first, "approve", { approved: true });
    for (const phaseId of ["quiet", "half"]) {
      await phaseInState(emulator, good, phaseId, "SUCCEEDED");
      await act(emulator, first, "advance", {
        phaseId: phaseId === "quiet" ? "half" : "stable",
      });
    }
    await inState(emulator, good, "SUCCEEDED");
    addRelease(emulator, "bad", { failIn: "stable" });
    await createRollout(
      emulator,
      "bad",
      "prod-us",
      1,
      "&startingPhaseId=stable",
    );
    const bad = rolloutId("bad", "prod-us");
    const asked = await inState(emulator, bad, "PENDING_APPROVAL");
    await act(emulator, asked, "approve", { approved: true });

    await inState(emulator, bad, "FAILED");
    const back = await inState(
      emulator,
      rolloutId("good", "prod-us", 2),
      "PENDING_APPROVAL",
    );

    expect(trafficOf(emulator, "prod-us")).toEqual(["bad 100 "]);
    await act(emulator, back, "approve", { approved: true });
    await inState(emulator, rolloutId("good", "prod-us", 2), "SUCCEEDED");
    expect(trafficOf(emulator, "prod-us")).toEqual(["good 100 "]);
  });
});

itConforms(() => emulator.exchanges);
