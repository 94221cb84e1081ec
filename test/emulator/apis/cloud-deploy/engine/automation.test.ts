import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AutomationRun } from "../../../../../emulator/apis/cloud-deploy/rollout.ts";
import {
  AUTOMATION,
  act,
  addAutomation,
  addRelease,
  changeTarget,
  createRollout,
  deployStable,
  inState,
  PIPELINE,
  rolloutId,
  startDeliveryEmulator,
  trafficOf,
  until,
} from "../../../../support/pipeline.ts";
import { itConforms } from "../../../../support/discovery.ts";
import type { TestEmulator } from "../../../../support/emulator.ts";
import { callRest } from "../../../../support/rest.ts";
import { deliveryOf } from "../../../../../emulator/apis/cloud-deploy/state.ts";

let emulator: TestEmulator;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litellm-automation-"));
  emulator = await startDeliveryEmulator();
  addAutomation(emulator, "advance", "canary", [
    { advanceRolloutRule: { id: "advance", wait: "60s" } },
  ]);
  addAutomation(emulator, "promote", "canary", [
    {
      promoteReleaseRule: {
        id: "promote",
        wait: "600s",
        destinationTargetId: "@next",
      },
    },
  ]);
  addAutomation(emulator, "repair", "canary", [
    {
      repairRolloutRule: {
        id: "repair",
        jobs: ["deploy", "verify"],
        repairPhases: [{ retry: { attempts: "1" } }, { rollback: {} }],
      },
    },
  ]);
});

afterAll(async () => {
  await emulator.close();
  await rm(directory, { recursive: true, force: true });
});

describe("automations", () => {
  it("promote a verified release to the next target after the bake time", async () => {
    addRelease(emulator, "one");
    await createRollout(emulator, "one", "prod-us");

    const next = await inState(
      emulator,
      rolloutId("one", "prod-eu"),
      "SUCCEEDED",
    );

    const first = await inState(
      emulator,
      rolloutId("one", "prod-us"),
      "SUCCEEDED",
    );
    const run = runNamed(first.metadata?.automation?.promoteAutomationRun);
    expect(run).toMatchObject({
      automationId: "promote",
      ruleId: "promote",
      state: "SUCCEEDED",
      targetId: "prod-us",
      promoteReleaseOperation: {
        rollout: first.name,
        targetId: "prod-eu",
        wait: "600s",
      },
    });
    expect(Date.parse(next.createTime)).toBeGreaterThanOrEqual(
      Date.parse(first.deployEndTime ?? "") + 95,
    );
    expect(emulator.lines).toContain(
      "Cloud Deploy: automation promote waits 600 s, here 0.1 s",
    );
  });

  it("leave targets alone whose labels they do not name", async () => {
    await deployStable(emulator, "one", "dev");

    expect(
      [...deliveryOf(emulator.cloud).automationRuns.values()].filter(
        ({ targetId }) => targetId === "dev",
      ),
    ).toEqual([]);
  });

  it("advance a canary to its end, and the next target's after it", async () => {
    addRelease(emulator, "two");
    await createRollout(emulator, "two", "prod-us");

    const next = await inState(
      emulator,
      rolloutId("two", "prod-eu"),
      "SUCCEEDED",
    );

    expect(next.phases.map(({ state }) => state)).toEqual(
      Array(4).fill("SUCCEEDED"),
    );
    const runs = next.metadata?.automation?.advanceAutomationRuns ?? [];
    expect(
      runs.map(runNamed).map((run) => run?.advanceRolloutOperation),
    ).toMatchObject([
      { sourcePhase: "canary-0", destinationPhase: "canary-10", wait: "60s" },
      { sourcePhase: "canary-10", destinationPhase: "canary-50" },
      { sourcePhase: "canary-50", destinationPhase: "stable" },
    ]);
    expect(trafficOf(emulator, "prod-us")).toEqual(["two 100 stable"]);
    expect(trafficOf(emulator, "prod-eu")).toEqual(["two 100 stable"]);
  });

  it("retry a failed verification, and go on when it passes", async () => {
    addRelease(emulator, "flaky", { failOnce: join(directory, "failed") });
    await createRollout(emulator, "flaky", "prod-eu");

    const rollout = await inState(
      emulator,
      rolloutId("flaky", "prod-eu"),
      "SUCCEEDED",
    );

    const [name] = rollout.metadata?.automation?.repairAutomationRuns ?? [];
    expect(runNamed(name)).toMatchObject({
      state: "SUCCEEDED",
      repairRolloutOperation: {
        phaseId: "canary-0",
        jobId: "verify",
        repairPhases: [
          {
            retry: {
              totalAttempts: "1",
              attempts: [{ attempt: "1", state: "REPAIR_STATE_SUCCEEDED" }],
            },
          },
        ],
      },
    });
    expect(rollout.activeRepairAutomationRun).toBeUndefined();
  });

  it("roll back a canary that fails its verification twice, without approval, so that the next target never sees it", async () => {
    changeTarget(emulator, "prod-us", { requireApproval: true });
    // A rollback rolls out an earlier release, to the target as it was then.
    const { targetSnapshots = [] } =
      deliveryOf(emulator.cloud).releases.get(`${PIPELINE}/releases/two`)
        ?.resource ?? {};
    for (const target of targetSnapshots) {
      if (target.targetId === "prod-us") target.requireApproval = true;
    }
    addRelease(emulator, "bad", { failIn: "canary-10" });
    await createRollout(emulator, "bad", "prod-us");
    const id = rolloutId("bad", "prod-us");
    const waiting = await inState(emulator, id, "PENDING_APPROVAL");
    await act(emulator, waiting, "approve", { approved: true });

    const back = await inState(
      emulator,
      rolloutId("two", "prod-us", 2),
      "SUCCEEDED",
    );
    changeTarget(emulator, "prod-us", { requireApproval: false });

    const failed = await inState(emulator, id, "FAILED");
    expect(failed.failureReason).toBe(
      'The verify job of phase canary-10 failed: Verify container "verify" failed with exit code 3.',
    );
    expect(failed.phases.map(({ state }) => state)).toEqual([
      "SUCCEEDED",
      "FAILED",
      "ABORTED",
      "ABORTED",
    ]);
    expect(back.rollbackOfRollout).toBe(failed.name);
    expect(failed.rolledBackByRollouts).toEqual([back.name]);
    expect(back.phases.map(({ state }) => state)).toEqual([
      "SKIPPED",
      "SKIPPED",
      "SKIPPED",
      "SUCCEEDED",
    ]);
    expect(trafficOf(emulator, "prod-us")).toEqual(["two 100 stable"]);
    // A rollback's rollout is promoted like any other; what failed is not.
    const promoted = await inState(
      emulator,
      rolloutId("two", "prod-eu", 2),
      "SUCCEEDED",
    );
    expect(promoted.rollbackOfRollout).toBeUndefined();
    expect(trafficOf(emulator, "prod-eu")).toEqual(["two 100 stable"]);
    const [name] = failed.metadata?.automation?.repairAutomationRuns ?? [];
    expect(runNamed(name)?.repairRolloutOperation).toMatchObject({
      currentRepairPhaseIndex: "1",
      repairPhases: [
        { retry: { attempts: [{ state: "REPAIR_STATE_FAILED" }] } },
        {
          rollback: {
            state: "REPAIR_STATE_SUCCEEDED",
            rolloutId: rolloutId("two", "prod-us", 2),
          },
        },
      ],
    });
  });

  it("can be cancelled while they wait", async () => {
    addRelease(emulator, "kept");
    await createRollout(emulator, "kept", "prod-us");
    const run = await until(() => {
      const waiting = [
        ...deliveryOf(emulator.cloud).automationRuns.values(),
      ].find(
        ({ state, advanceRolloutOperation }) =>
          state === "PENDING" &&
          advanceRolloutOperation?.rollout.includes("/kept/"),
      );
      expect(waiting?.waitUntilTime).toBeDefined();
      return waiting;
    });

    const answer = await callRest(
      emulator,
      "POST",
      `/v1/${run?.name ?? ""}:cancel`,
      {},
    );

    expect(answer.status).toBe(200);
    await until(() => {
      expect(run?.state).toBe("CANCELLED");
    });
    const rollout = await inState(
      emulator,
      rolloutId("kept", "prod-us"),
      "IN_PROGRESS",
    );
    await act(emulator, rollout, "cancel");
    const again = await callRest(
      emulator,
      "POST",
      `/v1/${run?.name ?? ""}:cancel`,
      {},
    );
    expect(again.code).toBe("FAILED_PRECONDITION");
  });

  it("fail without their role", async () => {
    const { policy } = emulator.cloud.project("demo-litellm");
    const kept = policy.bindings;
    policy.bindings = kept.filter(
      ({ role }) => role !== "roles/clouddeploy.operator",
    );
    addRelease(emulator, "powerless");
    await deployStable(emulator, "powerless", "prod-us");

    const run = await until(() => {
      const last = [...deliveryOf(emulator.cloud).automationRuns.values()].at(
        -1,
      );
      expect(last?.state).toBe("FAILED");
      return last;
    });

    policy.bindings = kept;
    expect(run?.stateDescription).toBe(
      `Permission 'clouddeploy.rollouts.create' denied on resource 'projects/demo-litellm' for ${AUTOMATION} (or it may not exist).`,
    );
  });
});

describe("deliveryPipelines:rollbackTarget", () => {
  it("tells what it would do, and does it", async () => {
    const request = { targetId: "prod-eu", rolloutId: "back-again" };
    const path = `/v1/${PIPELINE}:rollbackTarget`;

    const plan = await callRest(emulator, "POST", path, {
      ...request,
      validateOnly: true,
    });
    const done = await callRest(emulator, "POST", path, request);

    const name = `${PIPELINE}/releases/flaky/rollouts/back-again`;
    const rollbackConfig = {
      startingPhaseId: "stable",
      rollout: { name, targetId: "prod-eu" },
    };
    expect(plan.body).toMatchObject({ rollbackConfig });
    expect(done.body).toMatchObject({ rollbackConfig });
    await inState(emulator, "back-again", "SUCCEEDED");
    expect(trafficOf(emulator, "prod-eu")).toEqual(["flaky 100 stable"]);
  });

  it("goes back to the release that it is given", async () => {
    const path = `/v1/${PIPELINE}:rollbackTarget`;

    await callRest(emulator, "POST", path, {
      targetId: "prod-eu",
      rolloutId: "far-back",
      releaseId: "one",
    });

    await inState(emulator, "far-back", "SUCCEEDED");
    expect(trafficOf(emulator, "prod-eu")).toEqual(["one 100 stable"]);
  });

  it("refuses where there is nothing to go back to", async () => {
    const answer = await callRest(
      emulator,
      "POST",
      `/v1/${PIPELINE}:rollbackTarget`,
      { targetId: "dev", rolloutId: "nowhere" },
    );

    expect([answer.code, answer.message]).toEqual([
      "FAILED_PRECONDITION",
      'target "dev" has no earlier successful release to roll back to',
    ]);
  });
});

function runNamed(name: string | undefined): AutomationRun | undefined {
  return deliveryOf(emulator.cloud).automationRuns.get(name ?? "");
}

itConforms(() => emulator.exchanges);
