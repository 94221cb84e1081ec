import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  chooseReturn,
  listReturns,
} from "../../../../scripts/lib/release/rollback/choose-return.ts";
import {
  type Remade,
  type TargetRollbackInput,
  findReasons,
  planTargetRollback,
  todaysKeys,
} from "../../../../scripts/lib/release/rollback/plan-target-rollback.ts";
import { remakeSource } from "../../../../scripts/lib/release/rollback/remake-source.ts";
import { formatRecords } from "../../../../scripts/lib/release/stage-record.ts";
import { stepsOf } from "../../../../scripts/lib/plan/step.ts";
import { RESTORES } from "../../../../scripts/lib/service/intent.ts";
import type {
  Release,
  Rollout,
} from "../../../../scripts/lib/release/release-state.ts";
import type { State } from "../../../../scripts/lib/service/state/state.ts";
import { parametersOf } from "../../../../scripts/lib/release/release-pins.ts";
import { pinsOfParameters } from "../../../../scripts/lib/service/pins.ts";
import { placeFor, stages } from "../../../support/pipeline-states.ts";
import { previewPlan } from "../../../support/plans.ts";
import {
  PIPELINE,
  releaseWith,
  rolloutWith,
} from "../../../support/releases.ts";
import {
  deployedState,
  inputWith,
  manifest,
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
      ...served("r2-now", 4),
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

  /** As version 0.1 staged it: for Cloud Deploy to fill in. */
  const staged = manifest;

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

  function plan(
    values: Partial<TargetRollbackInput> = {},
    remakes: readonly Release[] = [],
  ) {
    const rollouts = newestFirst(served("r2", 2), served("r3", 3));
    const input: TargetRollbackInput = {
      place: placeFor(stages),
      settings,
      state: deployedState(),
      rollouts,
      returns: listReturns("dev", rollouts),
      to: release(),
      waiting: [],
      isPromoted: false,
      ...values,
    };
    const reasons = findReasons(input);
    return planTargetRollback(
      input,
      reasons,
      reasons.length === 0 ? undefined : remade(input, remakes),
    );
  }

  /** What stands in for the release: its source in the service as it is. */
  function remade(
    { to, state }: TargetRollbackInput,
    remakes: readonly Release[],
  ): Remade {
    const { service } = state;
    if (service === undefined) throw new Error("no service");
    const files = [
      { path: "config/service.yaml", text: staged },
      { path: "skaffold.yaml", text: readFileSync("skaffold.yaml", "utf8") },
    ];
    const source = remakeSource({
      release: to,
      files,
      stages: [settings],
      skaffold: readFileSync("skaffold.yaml", "utf8"),
      settings,
      service,
      keys: todaysKeys(
        settings,
        state,
        pinsOfParameters(parametersOf(to, settings.env)).keys,
      ),
    });
    return { ...source, remakes, now: "2026-11-27T12:00:00.000Z" };
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
    const { plan: planned } = plan({ to: release({ targetSnapshots }) });
    expect(stepsOf(planned)[1]?.preview).toContain(
      "PENDING_APPROVAL) gcloud deploy rollouts approve r2-to-dev-0002 --release=r2",
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
    expect(planned.rollout.rollout).toBe("r2-now-to-dev-0001");
    const [create] = stepsOf(planned.plan);
    const manifest = /\/dev.yaml" <<'EOF'\n(.*?)\nEOF$/ms.exec(
      create?.preview ?? "",
    )?.[1];
    expect(manifest).toContain('key: "2"');
    expect(manifest).toContain('cpu: "8"');
    expect(
      create?.preview
        .split("\n")
        .at(-2)
        ?.replace(/;litellm-cloudrun-stage-dev=.*?' /, "' "),
    ).toMatch(
      /^gcloud deploy releases create r2-now --source="\$source" .*--deploy-parameters=image=img@sha256:2,configVersion=sha-aaaaaaaaaaaa,released=2026-11-27T12:00:00.000Z --annotations='\^;\^litellm-cloudrun-restores=r2' --to-target=dev --initial-rollout-annotations=litellm-cloudrun-restores=r2 --initial-rollout-phase-id=stable /,
    );
  });

  test("makes a new release where the service is another one since: it stays so", () => {
    const state = deployedState();
    const { service } = state;
    if (service === undefined) throw new Error("no service");
    service.metadata.annotations = {
      ...service.metadata.annotations,
      "run.googleapis.com/ingress": "internal",
    };
    const record = {
      parameters: {},
      after: { "run.googleapis.com/ingress": "all" },
    };
    const [snapshot] = release().targetSnapshots ?? [];
    const to = release({
      annotations: formatRecords(
        new Map([
          ["dev", { ...record, parameters: snapshot?.deployParameters ?? {} }],
        ]),
      ),
    });
    const planned = plan({ state, to });
    expect(planned.reasons).toEqual([
      "the service stays as it is: run.googleapis.com/ingress: all → internal",
    ]);
    expect(stepsOf(planned.plan)[0]?.preview).toContain(
      "run.googleapis.com/ingress: internal",
    );
  });

  test("makes a new release where Cloud Deploy no longer runs the old one", () => {
    const skaffoldSupportState = "SKAFFOLD_SUPPORT_STATE_UNSUPPORTED";
    const to = release({
      skaffoldVersion: "2.8",
      condition: { skaffoldSupportedCondition: { skaffoldSupportState } },
    });
    const planned = plan({ to });
    expect(planned.reasons).toEqual([
      "Cloud Deploy no longer supports its Skaffold 2.8",
    ]);
    expect(planned.rollout.release).toBe("r2-now");
  });

  test("makes a new release where one of the old one's tools is no longer supported", () => {
    const toolVersionSupportState = "TOOL_VERSION_SUPPORT_STATE_UNSUPPORTED";
    const to = release({
      condition: {
        kubectlVersionSupportedCondition: { toolVersionSupportState },
      },
    });
    const planned = plan({ to });
    expect(planned.reasons).toEqual([
      "Cloud Deploy no longer supports its version of kubectl",
    ]);
    expect(planned.rollout.release).toBe("r2-now");
  });

  test("cancels the promotion that an automation makes of it", () => {
    const [, then] = text({ isPromoted: true }).split("for run in ");
    expect(then).toContain("gcloud deploy automation-runs list");
    expect(then).toContain('gcloud deploy automation-runs cancel "$run"');
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
    const remakes = [releaseWith("r2-now")];
    expect(plan({ state: withoutKey() }, remakes).rollout.release).toBe(
      "r2-now-2",
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
