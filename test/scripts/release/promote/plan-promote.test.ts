import { titlesOf } from "../../../../scripts/lib/plan/step.ts";
import { describe, expect, test } from "vitest";
import {
  type PromotionWish,
  choosePromotion,
} from "../../../../scripts/lib/release/promote/choose-promotion.ts";
import { planPromote } from "../../../../scripts/lib/release/promote/plan-promote.ts";
import type { Rollout } from "../../../../scripts/lib/release/release-state.ts";
import { placeFor, stages } from "../../../support/pipeline-states.ts";
import { previewPlan } from "../../../support/plans.ts";
import {
  PIPELINE,
  releaseWith,
  rolloutWith,
} from "../../../support/releases.ts";

const ENVS = ["dev", "prod-us", "prod-eu"];

function choose(rollouts: Rollout[], wish: Partial<PromotionWish> = {}) {
  const history = new Map(
    ENVS.map((env) => [env, rollouts.filter((r) => r.targetId === env)]),
  );
  const all = { target: undefined, release: undefined, ...wish };
  return choosePromotion(ENVS, history, all, placeFor(stages));
}

const inDev = rolloutWith("r3-to-dev-0001", "SUCCEEDED", 3);
const inUs = rolloutWith("r3-to-prod-us-0001", "SUCCEEDED", 4);
const oldInUs = rolloutWith("r2-to-prod-us-0001", "SUCCEEDED", 2);

describe("what is promoted", () => {
  test("goes to the stage after the furthest one that has it", () => {
    expect(choose([inDev])).toMatchObject({
      release: "r3",
      from: "dev",
      target: "prod-us",
      done: false,
    });
    expect(choose([inUs, oldInUs, inDev])).toMatchObject({
      release: "r3",
      from: "prod-us",
      target: "prod-eu",
    });
    const inEu = rolloutWith("r3-to-prod-eu-0001", "SUCCEEDED", 5);
    expect(choose([inEu, inUs, inDev])).toBeUndefined();
  });

  test("is what the stage before has, not what it failed to get", () => {
    const failed = rolloutWith("r4-to-dev-0001", "FAILED", 5);
    expect(choose([failed, inDev])?.release).toBe("r3");
  });

  test("was verified there", () => {
    const ignored = rolloutWith("r3-to-dev-0001", "SUCCEEDED", 3, {
      phases: [
        {
          id: "stable",
          state: "SUCCEEDED",
          deploymentJobs: { verifyJob: { id: "verify", state: "IGNORED" } },
        },
      ],
    });
    expect(() => choose([ignored])).toThrow("was not verified on dev");
    const pending = rolloutWith("r4-to-dev-0001", "IN_PROGRESS", 5);
    expect(() => choose([pending, inDev], { release: "r4" })).toThrow(
      "did not succeed on dev: its rollout is in progress",
    );
    expect(() => choose([inDev], { target: "prod-eu" })).toThrow(
      "no release has reached prod-us yet",
    );
    expect(() => choose([inDev], { target: "prod-eu", release: "r3" })).toThrow(
      "was never rolled out to prod-us",
    );
  });

  test("does not come again by itself where it failed or was rolled back", () => {
    const failed = rolloutWith("r3-to-prod-us-0001", "FAILED", 4);
    expect(() => choose([failed, oldInUs, inDev])).toThrow("failed on prod-us");
    const back = rolloutWith("r2-to-prod-us-0002", "SUCCEEDED", 5);
    expect(() => choose([back, inUs, oldInUs, inDev])).toThrow(
      "was rolled back from prod-us",
    );
    const again = { target: "prod-us" };
    expect(choose([failed, oldInUs, inDev], again)?.done).toBe(false);
  });

  test("is not for the first stage", () => {
    expect(() => choose([inDev], { target: "dev" })).toThrow("first stage");
  });

  test("is nothing before a first release", () => {
    expect(() => choose([])).toThrow("no release has reached dev yet");
  });
});

describe("the plan", () => {
  const release = releaseWith("r3", {
    targetSnapshots: [
      { name: "…/targets/prod-us", requireApproval: true },
      { name: "…/targets/prod-eu" },
    ],
  });

  function plan(rollouts: Rollout[], approve = false, target = "prod-us") {
    const promotion = choose(rollouts, { target });
    if (promotion === undefined) throw new Error("nothing to promote");
    const planned = planPromote({
      place: placeFor(stages),
      promotion,
      release,
      approve,
      rollouts: rollouts.filter((r) => r.targetId === target),
      waiting: [],
    });
    const { plan: steps, waits } = planned;
    const text = previewPlan(steps).replaceAll(
      / --delivery-pipeline=\S+ --region=\S+ --project=\S+/g,
      "",
    );
    return { text, waits, titles: titlesOf(steps) };
  }

  test("makes the rollout, and leaves it to whoever may approve it", () => {
    expect(plan([inDev])).toMatchObject({
      text: "gcloud deploy releases promote --release=r3 --to-target=prod-us --rollout-id=r3-to-prod-us-0001 --format=none --quiet",
      waits: true,
    });
  });

  test("approves it when told to, then follows it", () => {
    const { text, titles, waits } = plan([inDev], true);
    expect(waits).toBe(false);
    expect(text.split("\n  then ").slice(1)).toEqual([
      expect.stringMatching(/^while state=.*rollouts describe r3-to-prod-us/),
      expect.stringMatching(/^while state=.*rollouts describe r3-to-prod-us/),
    ]);
    expect(titles).toEqual([
      "Roll r3 out to prod-us",
      "Approve r3-to-prod-us-0001, if it waits for that",
      "Follow r3-to-prod-us-0001 to its end",
    ]);
  });

  test("approves one that waits already", () => {
    const waiting = rolloutWith("r3-to-prod-us-0001", "PENDING_APPROVAL", 4);
    expect(plan([waiting, inDev], true).text).toMatch(
      /^gcloud deploy rollouts approve r3-to-prod-us-0001 /,
    );
    expect(plan([waiting, inDev])).toMatchObject({ text: "", waits: true });
  });

  test("needs no approval where the target asks for none", () => {
    const { text } = plan([inUs, inDev], false, "prod-eu");
    expect(text).toMatch(/^gcloud deploy releases promote .*\n {2}then while/);
  });

  test("follows what is on its way, and does nothing where it has arrived", () => {
    const running = rolloutWith("r3-to-prod-us-0001", "IN_PROGRESS", 4);
    expect(plan([running, inDev]).text).toMatch(/^while state=/);
    expect(plan([inUs, inDev])).toMatchObject({ text: "", waits: false });
  });

  test("takes the next number for another rollout of the same release", () => {
    const failed = rolloutWith("r3-to-prod-us-0001", "FAILED", 4);
    expect(plan([failed, inDev]).text).toContain("r3-to-prod-us-0002");
  });

  test("cancels what an automation waits to do", () => {
    const promotion = choose([inUs, inDev]);
    if (promotion === undefined) throw new Error("nothing to promote");
    const planned = planPromote({
      place: placeFor(stages),
      promotion,
      release,
      approve: false,
      rollouts: [],
      waiting: [
        {
          name: `${PIPELINE}/automationRuns/a1`,
          automationId: "promote",
          targetId: "prod-us",
          state: "PENDING",
        },
      ],
    });
    expect(previewPlan(planned.plan)).toMatch(
      /^gcloud deploy automation-runs cancel a1 .*\n {2}then gcloud deploy releases promote/,
    );
  });
});
