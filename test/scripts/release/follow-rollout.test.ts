import { describe, expect, test } from "vitest";
import { followRollout } from "../../../scripts/lib/release/follow-rollout.ts";
import type { ReadApi } from "../../../scripts/lib/google/rest.ts";
import type { Rollout } from "../../../scripts/lib/release/release-state.ts";
import { placeFor, stages } from "../../support/pipeline-states.ts";
import { PIPELINE, releaseWith, rolloutWith } from "../../support/releases.ts";

const ID = "r2-to-prod-us-0001";
const BACK = "r1-to-prod-us-0002";
const NAME = `${PIPELINE}/releases/r2/rollouts/${ID}`;
const BACK_NAME = `${PIPELINE}/releases/r1/rollouts/${BACK}`;
const RUN = `${NAME}/jobRuns/run-1`;

/** Answers each path with one of its answers after the other; the last one stays. */
function answering(answers: Record<string, object[]>): ReadApi {
  return ({ path }) => {
    const left = answers[path.replace(/^v1\//, "")] ?? [];
    return Promise.resolve(left.length > 1 ? left.shift() : left[0]);
  };
}

function follow(
  answers: Record<string, object[]>,
  repaired = true,
): Promise<Rollout> {
  return followRollout(answering(answers), placeFor(stages), NAME, {
    isRepaired: () => repaired,
    wait: () => Promise.resolve(),
  });
}

function failed(values: Partial<Rollout> = {}): Rollout {
  return rolloutWith(ID, "FAILED", 1, {
    failureReason: "The verify job failed.",
    phases: [
      {
        id: "canary-0",
        state: "FAILED",
        deploymentJobs: {
          deployJob: { id: "deploy", state: "SUCCEEDED" },
          verifyJob: { id: "verify", state: "FAILED", jobRun: RUN },
        },
      },
    ],
    ...values,
  });
}

const jobRun = {
  name: RUN,
  state: "FAILED",
  verifyJobRun: {
    build: "projects/p/locations/l/builds/build-1",
    failureMessage: "exit code 1",
  },
};

describe("following a rollout", () => {
  test("ends when it succeeded, or when a person must approve it", async () => {
    const states = (["PENDING", "IN_PROGRESS", "SUCCEEDED"] as const).map(
      (state) => rolloutWith(ID, state),
    );
    expect(await follow({ [NAME]: states })).toMatchObject({
      state: "SUCCEEDED",
    });
    const waiting = rolloutWith(ID, "PENDING_APPROVAL");
    expect(await follow({ [NAME]: [waiting] })).toBe(waiting);
  });

  test("says which job failed in Cloud Deploy's words, and where its log is", async () => {
    const error = follow({ [NAME]: [failed()], [RUN]: [jobRun] }, false);
    await expect(error).rejects.toMatchObject({
      message: `${ID} did not reach prod-us: verify failed in phase 0 %: exit code 1`,
      hint: expect.stringContaining(
        'resource.labels.build_id="build-1"',
      ) as string,
    });
  });

  test("goes on where a repair helped", async () => {
    const activeRepairAutomationRun = "…/automationRuns/a1";
    const rollouts = [
      failed(),
      failed({ activeRepairAutomationRun }),
      rolloutWith(ID, "IN_PROGRESS"),
      rolloutWith(ID, "SUCCEEDED"),
    ];
    expect(await follow({ [NAME]: rollouts })).toMatchObject({
      state: "SUCCEEDED",
    });
  });

  test("follows a repair that rolls back, and fails with what the target has now", async () => {
    const answers = {
      [NAME]: [
        failed(),
        failed({ activeRepairAutomationRun: "…/automationRuns/a1" }),
        failed({
          metadata: { automation: { repairAutomationRuns: ["a1"] } },
          rolledBackByRollouts: [BACK_NAME],
        }),
      ],
      [BACK_NAME]: [
        rolloutWith(BACK, "IN_PROGRESS"),
        rolloutWith(BACK, "SUCCEEDED"),
      ],
      [RUN]: [jobRun],
    };
    await expect(follow(answers)).rejects.toThrow(
      "exit code 1\n  prod-us is back at release r1.",
    );
  });

  test("does not wait for ever for a repair that does not come", async () => {
    const answers = { [NAME]: [failed()], [RUN]: [jobRun] };
    await expect(follow(answers)).rejects.toThrow("did not reach prod-us");
  });

  test("tells why a release could not be rendered", async () => {
    const release = releaseWith("r2", {
      targetRenders: { "prod-us": { failureMessage: "no such parameter" } },
    });
    const rollout = rolloutWith(ID, "FAILED", 1, {
      deployFailureCause: "RELEASE_FAILED",
    });
    const answers = { [NAME]: [rollout], [release.name]: [release] };
    await expect(follow(answers, false)).rejects.toThrow(
      "the release could not be rendered: no such parameter",
    );
  });

  test("fails where somebody cancelled it", async () => {
    const cancelled = rolloutWith(ID, "CANCELLED");
    await expect(follow({ [NAME]: [cancelled] })).rejects.toThrow(
      "it was cancelled",
    );
  });
});
