import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { INPUTS_ANNOTATION } from "../../../scripts/lib/release/release-name.ts";
import {
  type ReleaseInput,
  type ReleaseState,
  planRelease,
} from "../../../scripts/lib/release/plan-release.ts";
import { stepsOf } from "../../../scripts/lib/plan/step.ts";
import {
  type StageRecord,
  formatRecords,
} from "../../../scripts/lib/release/stage-record.ts";
import type { Service } from "../../../scripts/lib/manifest/knative.ts";
import { deployedState } from "../../support/states.ts";
import type { Release } from "../../../scripts/lib/release/release-state.ts";
import { previewPlan } from "../../support/plans.ts";
import {
  releaseInput,
  releaseState,
  releaseWith,
  rolloutWith,
} from "../../support/releases.ts";

const BASE = "r-0123456789ab";

function titles(input: ReleaseInput, state: ReleaseState): string[] {
  return stepsOf(planRelease(input, state).plan).map((step) => step.title);
}

function create(input: ReleaseInput, state = releaseState()): string {
  const step = stepsOf(planRelease(input, state).plan).find((s) =>
    s.title.startsWith("Make release"),
  );
  return step?.preview ?? "";
}

/** The release of exactly these inputs. */
function made(input: ReleaseInput, id = BASE): Release {
  const [, inputs = ""] =
    new RegExp(`${INPUTS_ANNOTATION}=([0-9a-f]+)`).exec(create(input)) ?? [];
  return releaseWith(id, { annotations: { [INPUTS_ANNOTATION]: inputs } });
}

describe("a first release", () => {
  test("prepares every project once, and makes the release", () => {
    const text = previewPlan(planRelease(releaseInput(), releaseState()).plan);
    expect(text).toMatchInlineSnapshot(`
      "gcloud secrets versions add litellm-config --data-file=config/litellm.vertex.yaml --project=my-project --format='value(name)'
        then gcloud secrets update litellm-config --update-version-aliases=sha-aaaaaaaaaaaa=1 --etag='"1"' --project=my-project
      make-a-key | gcloud secrets versions add litellm-master-key --data-file=- --project=my-project --format='value(name)'
      gcloud secrets versions add litellm-config --data-file=config/litellm.vertex.yaml --project=prod-project --format='value(name)'
        then gcloud secrets update litellm-config --update-version-aliases=sha-aaaaaaaaaaaa=1 --etag='"1"' --project=prod-project
      make-a-key | gcloud secrets versions add litellm-master-key --data-file=- --project=prod-project --format='value(name)'

      gcloud secrets add-iam-policy-binding litellm-config --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none
      gcloud secrets add-iam-policy-binding litellm-master-key --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none
      gcloud secrets add-iam-policy-binding litellm-config --member=serviceAccount:litellmsa@prod-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=prod-project --format=none
      gcloud secrets add-iam-policy-binding litellm-master-key --member=serviceAccount:litellmsa@prod-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=prod-project --format=none

      source="$(mktemp -d)"
        then while state="$(gcloud deploy rollouts describe r-0123456789ab-to-dev-0001 --release=r-0123456789ab --delivery-pipeline=litellm --region=us-central1 --project=my-project --format='value(state)')"; do"
    `);
  });

  test("stages what Cloud Deploy renders: the tools image by digest, no Gemini key", () => {
    const text = create(releaseInput());
    const manifest = /\/dev.yaml" <<'EOF'\n(.*?)\nEOF$/ms.exec(text);
    const service = parse(manifest?.[1] ?? "") as {
      spec: {
        template: { spec: { containers: { env: { name: string }[] }[] } };
      };
    };
    const [container] = service.spec.template.spec.containers;
    expect(container?.env.map((e) => e.name)).not.toContain("GEMINI_API_KEY");
    expect(text).toContain('image: "unset" # from-param: ${image}');
    expect(text).toMatch(/image: \S+\/tools@sha256:d{64}/);
    expect(text).not.toContain("litellm-tools");
  });

  test("mirrors an image that the registry does not hold, and reads its digest then", () => {
    const { name } = releaseInput().image;
    const input = releaseInput({ image: { name, pinned: undefined } });
    expect(titles(input, releaseState())).toContain(
      "Mirror docker.io/litellm/litellm:v1.108.14 into us-central1-docker.pkg.dev/my-project/litellm",
    );
    const text = create(input);
    expect(text).toContain('image="$(echo "us-central1-docker.pkg.dev/');
    expect(text).toContain('--deploy-parameters=image="$image",configVersion=');
    expect(text).toContain(`${INPUTS_ANNOTATION}='"$inputs"';`);
  });

  test("refuses a parameter that Cloud Deploy would refuse, before anything else", () => {
    const image = { name: "x", pinned: "x".repeat(513) };
    expect(() => planRelease(releaseInput({ image }), releaseState())).toThrow(
      "parameter image has 513 characters",
    );
  });
});

describe("a release that is there already", () => {
  const input = releaseInput();

  test("is not made again, but rolled out", () => {
    const state = releaseState({ releases: [made(input)] });
    expect(titles(input, state).slice(-2)).toEqual([
      `Roll ${BASE} out to dev`,
      `Follow ${BASE}-to-dev-0001 to its end`,
    ]);
  });

  test("is followed while it is on its way", () => {
    const state = releaseState({
      releases: [made(input)],
      rollouts: [rolloutWith(`${BASE}-to-dev-0001`, "IN_PROGRESS")],
    });
    expect(titles(input, state).at(-1)).toBe(
      `Follow ${BASE}-to-dev-0001 to its end`,
    );
    expect(titles(input, state).join()).not.toContain("Roll ");
  });

  test("is left alone where the first stage has it", () => {
    const state = releaseState({
      releases: [made(input)],
      rollouts: [rolloutWith(`${BASE}-to-dev-0001`, "SUCCEEDED")],
    });
    expect(titles(input, state).join()).not.toMatch(/Roll|Follow|Make/);
  });

  test("is rolled out again where it failed, or where something else came since", () => {
    const failed = rolloutWith(`${BASE}-to-dev-0001`, "FAILED");
    const state = releaseState({ releases: [made(input)], rollouts: [failed] });
    expect(planRelease(input, state).rollout.rollout).toBe(
      `${BASE}-to-dev-0002`,
    );
    const rollouts = [
      rolloutWith("r-later-to-dev-0001", "SUCCEEDED", 2),
      rolloutWith(`${BASE}-to-dev-0001`, "SUCCEEDED", 1),
    ];
    expect(
      titles(input, releaseState({ releases: [made(input)], rollouts })).slice(
        -2,
      ),
    ).toEqual([
      `Roll ${BASE} out to dev`,
      `Follow ${BASE}-to-dev-0002 to its end`,
    ]);
  });

  test("gets a number behind its name where it was made of something else", () => {
    const releases = [releaseWith(BASE), releaseWith(`${BASE}-2`)];
    const planned = planRelease(input, releaseState({ releases }));
    expect(planned.release).toBe(`${BASE}-3`);
    expect(planned.rollout.rollout).toBe(`${BASE}-3-to-dev-0001`);
  });

  test("is not used where it could not be rendered, or was abandoned", () => {
    const failed: Release = { ...made(input), renderState: "FAILED" };
    const abandoned = { ...made(input, `${BASE}-2`), abandoned: true };
    const releases = [failed, abandoned];
    expect(planRelease(input, releaseState({ releases })).release).toBe(
      `${BASE}-3`,
    );
  });

  test("is another one with another config, tools image or target", () => {
    const state = releaseState({ releases: [made(input)] });
    const config = { ...input.config, sha256: "b".repeat(64) };
    const others = [
      releaseInput({ config }),
      releaseInput({ tools: "other@sha256:1" }),
      releaseInput({
        stages: [
          {
            ...input.stages[0],
            settings: { ...input.stages[0].settings, cpu: "4" },
          },
          ...input.stages.slice(1),
        ],
      }),
    ];
    expect(others.map((other) => planRelease(other, state).release)).toEqual([
      `${BASE}-2`,
      `${BASE}-2`,
      `${BASE}-2`,
    ]);
  });
});

describe("what guards and limits a service", () => {
  const open = { "run.googleapis.com/invoker-iam-disabled": "true" };

  function withService(
    annotations: Record<string, string>,
    values: Partial<ReleaseInput["stages"][0]> = {},
  ): ReleaseInput {
    const input = releaseInput();
    const { service } = deployedState();
    if (service === undefined) throw new Error("no service");
    const [dev, ...rest] = input.stages;
    const now = {
      ...service,
      metadata: { ...service.metadata, annotations },
    };
    const verifier = "litellm-verify@my-project.iam.gserviceaccount.com";
    const projectBindings = [
      ...dev.state.projectBindings,
      // Of a service that asks for identities.
      { role: "roles/run.invoker", members: [`serviceAccount:${verifier}`] },
    ];
    const state = { ...dev.state, service: now, projectBindings };
    return { ...input, stages: [{ ...dev, state, ...values }, ...rest] };
  }

  function staged(text: string, file: string): Record<string, string> {
    const found = new RegExp(`/${file}" <<'EOF'\\n(.*?)\\nEOF$`, "ms").exec(
      text,
    );
    const service = parse(found?.[1] ?? "") as Service;
    return service.metadata.annotations ?? {};
  }

  test("stays as it is in a canary's phases, and comes with the last one", () => {
    const closed = { "run.googleapis.com/invoker-iam-disabled": "false" };
    const text = create(withService(closed));
    expect(staged(text, "dev-canary.yaml")).toEqual(closed);
    expect(staged(text, "dev.yaml")).toMatchObject(open);
  });

  test("is told to the checks and verifications of each", () => {
    const closed = { "run.googleapis.com/invoker-iam-disabled": "false" };
    const text = create(withService(closed));
    const config = /skaffold.yaml" <<'EOF'\n(.*?)\nEOF$/ms.exec(text)?.[1];
    const { profiles } = parse(config ?? "") as {
      profiles: { name: string; verify: object[]; customActions: object[] }[];
    };
    const told = (name: string) =>
      JSON.stringify(profiles.find((p) => p.name === name));
    expect(told("dev-canary")).toContain('{"name":"ACCESS","value":"iam"}');
    expect(told("dev")).toContain('{"name":"ACCESS","value":"public"}');
  });

  test("makes no other release by itself: it is what a release rests on", () => {
    const input = withService({ "run.googleapis.com/minScale": "0" });
    const other = withService({ "run.googleapis.com/minScale": "3" });
    const state = releaseState({ releases: [made(input)] });
    expect(planRelease(other, state).release).toBe(BASE);
  });

  test("that was changed since makes a release stale that did not come yet", () => {
    const input = withService({ "run.googleapis.com/minScale": "3" });
    const record: StageRecord = {
      parameters: {},
      before: { "run.googleapis.com/minScale": "0" },
      after: {},
    };
    const old = made(input);
    old.annotations = {
      ...old.annotations,
      ...formatRecords(new Map([["dev", record]])),
    };
    const state = releaseState({ releases: [old] });
    expect(planRelease(input, state).release).toBe(`${BASE}-2`);
  });

  test("is refused where a repair would put back what a person changed", () => {
    const record: StageRecord = { parameters: {}, before: {}, after: open };
    const current = releaseWith("r-1", {
      annotations: formatRecords(new Map([["dev", record]])),
    });
    const closed = { "run.googleapis.com/invoker-iam-disabled": "false" };
    const input = withService(closed, { current });
    expect(() => planRelease(input, releaseState())).toThrow(
      /the service of dev is not as release r-1 left it:\n {2}run.googleapis.com\/invoker-iam-disabled: true → false/,
    );
    const asLeft = withService(open, { current });
    expect(planRelease(asLeft, releaseState()).release).toBe(BASE);
  });

  test("is refused where no verification could reach the service", () => {
    const internal = { "run.googleapis.com/ingress": "internal" };
    expect(() => planRelease(withService(internal), releaseState())).toThrow(
      "dev: ingress is internal: Cloud Deploy's verification comes from outside",
    );
  });

  test("is refused where a stage without a canary would change it before its verification", () => {
    const input = withService({});
    const stages = input.file.stages.map((s) => ({
      ...s,
      strategy: "standard" as const,
    }));
    const plain = { ...input, file: { ...input.file, stages } };
    expect(() => planRelease(plain, releaseState())).toThrow(
      /dev has the strategy standard, where these would change before anything is verified/,
    );
  });
});

describe("a network of one env", () => {
  test("stands in its manifest, and in no other", () => {
    const input = releaseInput();
    const [dev, ...rest] = input.stages;
    const settings = { ...dev.settings, network: "vpc" };
    const text = create({ ...input, stages: [{ ...dev, settings }, ...rest] });
    const manifestOf = (env: string) =>
      new RegExp(`/${env}.yaml" <<'EOF'\\n(.*?)\\nEOF$`, "ms").exec(text)?.[1];
    expect(manifestOf("dev")).toContain(
      "run.googleapis.com/network-interfaces:",
    );
    expect(manifestOf("prod-us")).not.toContain(
      "run.googleapis.com/network-interfaces:",
    );
  });
});

describe("the pipeline", () => {
  test("is not touched, and what differs of it is named", () => {
    const state = releaseState();
    for (const target of state.pipeline.targets) delete target.requireApproval;
    const planned = planRelease(releaseInput(), state);
    expect(planned.kept).toEqual([
      "target prod-us: requireApproval: (not set) → true",
    ]);
    expect(previewPlan(planned.plan)).not.toContain("deploy apply");
  });

  test("stops a release that could not go through it, before anything is made", () => {
    const state = releaseState();
    state.pipeline.targets = state.pipeline.targets.filter(
      ({ name }) => !name.endsWith("/prod-eu"),
    );
    expect(() => planRelease(releaseInput(), state)).toThrow(
      "target prod-eu: it is not there",
    );
  });
});
