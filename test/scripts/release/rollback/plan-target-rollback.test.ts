import { describe, expect, test } from "vitest";
import { renderPipeline } from "../../../../scripts/lib/pipeline/render-pipeline.ts";
import {
  chooseReturn,
  listReturns,
} from "../../../../scripts/lib/release/rollback/choose-return.ts";
import {
  type TargetRollbackInput,
  planTargetRollback,
} from "../../../../scripts/lib/release/rollback/plan-target-rollback.ts";
import { stepsOf } from "../../../../scripts/lib/plan/step.ts";
import { RESTORES } from "../../../../scripts/lib/service/intent.ts";
import type {
  Release,
  Rollout,
} from "../../../../scripts/lib/release/release-state.ts";
import type { State } from "../../../../scripts/lib/service/state/state.ts";
import { file, placeFor, stages } from "../../../support/pipeline-states.ts";
import { previewPlan } from "../../../support/plans.ts";
import {
  PIPELINE,
  releaseWith,
  rolloutWith,
} from "../../../support/releases.ts";
import {
  deployedState,
  inputWith,
  settingsWith,
} from "../../../support/states.ts";

function served(release: string, at: number, number = 1): Rollout {
  const id = `${release}-to-dev-${String(number).padStart(4, "0")}`;
  return rolloutWith(id, "SUCCEEDED", at);
}

/** The newest first, as they are read. */
function newestFirst(...rollouts: Rollout[]): Rollout[] {
  return rollouts.toReversed();
}

describe("what a target can go back to", () => {
  const first = [served("r1", 1), served("r2", 2), served("r3", 3)];

  test("is what served before, latest first", () => {
    expect(listReturns("dev", newestFirst(...first)).releases).toEqual([
      "r2",
      "r1",
    ]);
  });

  test("goes one further back after a rollback, and never to what was gone back from", () => {
    const back = newestFirst(...first, served("r2", 4, 2));
    expect(listReturns("dev", back).releases).toEqual(["r1"]);
    const later = newestFirst(...first, served("r2", 4, 2), served("r4", 5));
    expect(listReturns("dev", later).releases).toEqual(["r2", "r1"]);
  });

  test("takes a release with new keys for the one that it stands in for", () => {
    const remade = {
      ...served("r2-keys", 4),
      annotations: { [RESTORES]: "r2" },
    };
    expect(listReturns("dev", newestFirst(...first, remade)).releases).toEqual([
      "r1",
    ]);
  });

  test("is what serves while the latest rollout failed or is under way", () => {
    const failed = rolloutWith("r4-to-dev-0001", "FAILED", 4);
    const after = listReturns("dev", newestFirst(...first, failed));
    expect(after).toMatchObject({
      releases: ["r3", "r2", "r1"],
      unfinished: false,
    });
    const running = rolloutWith("r4-to-dev-0001", "IN_PROGRESS", 4);
    expect(listReturns("dev", newestFirst(...first, running))).toMatchObject({
      latest: running,
      unfinished: true,
    });
  });

  test("leaves a rollout aside that waits for approval", () => {
    const { deployStartTime, ...waiting } = rolloutWith(
      "r4-to-dev-0001",
      "PENDING_APPROVAL",
      4,
    );
    expect(deployStartTime).toBeDefined();
    const found = listReturns("dev", newestFirst(...first, waiting));
    expect(found.releases).toEqual(["r2", "r1"]);
  });

  test("is refused where it is nothing, or did not serve", () => {
    const only = listReturns("dev", [served("r1", 1)]);
    expect(() => chooseReturn("dev", only, undefined)).toThrow(
      "there is nothing to go back to: no other release served in dev before r1",
    );
    expect(() => chooseReturn("dev", only, "r9")).toThrow(
      "release r9 did not serve in dev before",
    );
    expect(() => listReturns("dev", [])).toThrow("nothing was rolled out");
  });
});

describe("the plan", () => {
  const settings = settingsWith();

  function release(values: Partial<Release> = {}): Release {
    return releaseWith("r2", {
      deployParameters: {
        image: "img@sha256:2",
        configVersion: "sha-aaaaaaaaaaaa",
      },
      skaffoldConfigUri: "gs://my-project-litellm-cloudrun/releases/r2.tgz",
      targetSnapshots: [
        {
          name: "…/targets/dev",
          deployParameters: {
            configSecret: "litellm-config",
            cpu: "8",
            masterKeySecret: "litellm-master-key",
            masterKeyVersion: "1",
          },
        },
      ],
      ...values,
    });
  }

  function plan(values: Partial<TargetRollbackInput> = {}) {
    const rollouts = newestFirst(served("r2", 2), served("r3", 3));
    const resources = renderPipeline(
      file,
      stages.map((s) => ({ settings: s })),
    );
    const target = resources.find((r) => r.metadata.name === "dev");
    if (target === undefined) throw new Error("no target");
    return planTargetRollback({
      place: placeFor(stages),
      settings,
      state: deployedState(),
      target,
      rollouts,
      returns: listReturns("dev", rollouts),
      to: release(),
      waiting: [],
      remakes: [],
      ...values,
    });
  }

  function withoutKey(): State {
    const state = deployedState();
    const key = state.secrets.keys.masterKey;
    if (key === undefined) throw new Error("no key");
    key.versions = [
      { number: 2, state: "ENABLED" },
      { number: 1, state: "DESTROYED" },
    ];
    return state;
  }

  const text = (values: Partial<TargetRollbackInput> = {}): string =>
    previewPlan(plan(values).plan).replaceAll(
      / --delivery-pipeline=\S+ --region=\S+ --project=\S+/g,
      "",
    );

  test("rolls the old release out again, and follows it", () => {
    expect(text().split("\n  then ")).toEqual([
      "gcloud deploy targets rollback dev --release=r2 --rollout-id=r2-to-dev-0002 --format=none --quiet",
      expect.stringMatching(/^while state=.*describe r2-to-dev-0002 /),
    ]);
  });

  test("approves it where the target asks for approval: the operator has just said so", () => {
    const [snapshot] = release().targetSnapshots ?? [];
    if (snapshot === undefined) throw new Error("no snapshot");
    const targetSnapshots = [{ ...snapshot, requireApproval: true }];
    expect(text({ to: release({ targetSnapshots }) })).toContain(
      "then gcloud deploy rollouts approve r2-to-dev-0002 --release=r2",
    );
  });

  test("stops what is under way, and what automations wait to do because of it", () => {
    const rollouts = newestFirst(
      served("r2", 2),
      rolloutWith("r3-to-dev-0001", "IN_PROGRESS", 3),
    );
    const [latest, before] = rollouts.map(({ name }, index) => ({
      name: `${PIPELINE}/automationRuns/a${String(index + 1)}`,
      automationId: "promote",
      targetId: "dev",
      state: "PENDING",
      promoteReleaseOperation: { rollout: name.replace("my-project", "100") },
    }));
    if (latest === undefined || before === undefined) throw new Error("none");
    const returns = listReturns("dev", rollouts);
    const waiting = [latest, before];
    expect(text({ rollouts, returns, waiting })).not.toContain("cancel a2");
    expect(text({ rollouts, returns, waiting })).toMatch(
      /^gcloud deploy automation-runs cancel a1 .*\n {2}then gcloud deploy rollouts cancel r3-to-dev-0001 /,
    );
  });

  test("makes a new release with today's key where the old one is destroyed", () => {
    const planned = plan({ state: withoutKey() });
    expect(planned.reasons).toEqual([
      "version 1 of litellm-master-key is destroyed",
    ]);
    expect(planned.rollout.rollout).toBe("r2-keys-to-dev-0001");
    const [apply, create] = stepsOf(planned.plan);
    expect(apply?.preview).toContain('masterKeyVersion: "2"');
    expect(apply?.preview).toContain('cpu: "8"');
    expect(apply?.preview).not.toContain("configVersion");
    expect(create?.preview.replace(/ --delivery.*/, "")).toBe(
      `gcloud deploy releases create r2-keys --source=gs://my-project-litellm-cloudrun/releases/r2.tgz --gcs-source-staging-dir=gs://my-project-litellm-cloudrun/releases --deploy-parameters=image=img@sha256:2,configVersion=sha-aaaaaaaaaaaa --annotations=litellm-cloudrun-restores=r2 --to-target=dev --initial-rollout-annotations=litellm-cloudrun-restores=r2 --initial-rollout-phase-id=stable`,
    );
  });

  test("keeps a key that is only superseded", () => {
    const state = deployedState();
    state.secrets.keys.masterKey?.versions.unshift({
      number: 2,
      state: "ENABLED",
    });
    expect(plan({ state }).reasons).toEqual([]);
  });

  test("numbers a second release of the same", () => {
    const remakes = [releaseWith("r2-keys")];
    expect(plan({ state: withoutKey(), remakes }).rollout.release).toBe(
      "r2-keys-2",
    );
  });

  test("refuses what cannot come back", () => {
    const state = deployedState();
    if (state.secrets.config !== undefined) state.secrets.config.aliases = {};
    expect(() => plan({ state })).toThrow(
      "release r2 cannot come back: its config sha-aaaaaaaaaaaa is not in secret litellm-config any more",
    );
    expect(() => plan({ to: release({ abandoned: true }) })).toThrow(
      "it was abandoned",
    );
    const apikey = settingsWith({ MODE: "apikey" });
    expect(() =>
      plan({
        settings: apikey,
        state: deployedState(inputWith({ settings: apikey })),
      }),
    ).toThrow("made with MODE=vertex");
  });
});
