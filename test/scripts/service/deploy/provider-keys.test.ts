import { describe, expect, test } from "vitest";
import { planDeploy } from "../../../../scripts/lib/service/deploy/plan-deploy.ts";
import { planClean } from "../../../../scripts/lib/service/clean/plan-clean.ts";
import { modeOf } from "../../../../scripts/lib/manifest/mode-mark.ts";
import {
  listKeyChanges,
  pinsOfRevision,
} from "../../../../scripts/lib/service/pins.ts";
import { findRevisionObstacle } from "../../../../scripts/lib/service/rollback/choose-revision.ts";
import { callsVertexAs } from "../../../../scripts/lib/service/sharing.ts";
import type { State } from "../../../../scripts/lib/service/state/state.ts";
import {
  makeSettings,
  type Settings,
} from "../../../../scripts/lib/settings/settings.ts";
import { previewPlan } from "../../../support/plans.ts";
import {
  deployedState,
  emptyState,
  inputWith,
  newKey,
} from "../../../support/states.ts";

/** An env, of MODE=apikey unless told otherwise, whose config names `references`. */
function env(
  references: string[],
  ownSecrets: string[] = [],
  MODE = "apikey",
): Settings {
  const values = {
    PROJECT_ID: "my-project",
    REGION: "us-central1",
    MODE,
    REDIS_HOST: "10.0.0.3",
  };
  const entries = Object.entries(values).map(
    ([name, value]) => [name, { value, from: "test" }] as const,
  );
  return makeSettings("dev", new Map(entries), {
    references: [...references, "REDIS_HOST"],
    manifest: [],
    ownSecrets,
  });
}

const OPENAI = env(["OPENAI_API_KEY"]);
const openai = inputWith({ settings: OPENAI });

/** The service's variables as the manifest of a deploy has them. */
function variables(state: State): string[] {
  return (state.revisions[0]?.spec.containers ?? [])
    .flatMap((container) => container.env ?? [])
    .map(({ name, value, valueFrom }) => {
      const key = valueFrom?.secretKeyRef;
      return key ? `${name} ${key.name}:${key.key}` : `${name}=${value ?? ""}`;
    });
}

describe("a config that names OPENAI_API_KEY", () => {
  test("has its key stored and granted, and asks for no Gemini key", () => {
    const keys = { masterKey: newKey, OPENAI_API_KEY: newKey };
    const text = previewPlan(
      planDeploy({ ...openai, keys }, emptyState()).plan,
    );
    expect(text).toContain(
      "make-a-key | gcloud secrets versions add litellm-openai-api-key",
    );
    expect(text).toContain(
      "secrets add-iam-policy-binding litellm-openai-api-key",
    );
    expect(text).not.toMatch(/gemini|aiplatform/);
  });

  test("pins it, and passes on what is no secret", () => {
    expect(variables(deployedState(openai))).toEqual(
      expect.arrayContaining([
        "LITELLM_MASTER_KEY litellm-master-key:1",
        "OPENAI_API_KEY litellm-openai-api-key:1",
        "REDIS_HOST=10.0.0.3",
      ]),
    );
  });

  test("is deployed once", () => {
    expect(planDeploy(openai, deployedState(openai)).plan).toEqual([]);
  });

  test("marks its revision with its mode: no Gemini key tells it", () => {
    const { plan } = planDeploy(
      { ...openai, config: { ...openai.config, sha256: "b".repeat(64) } },
      deployedState(openai),
    );
    expect(JSON.stringify(plan.flat(2).map((step) => step.preview))).toContain(
      "litellm-cloudrun-mode: apikey",
    );
  });
});

describe("a key that the config of today does not name", () => {
  const before = deployedState(openai);
  const now = inputWith({
    settings: env([]),
    config: { file: "config/litellm.apikey.yaml", sha256: "b".repeat(64) },
  });

  test("stays, so that a rollback can bring its config back", () => {
    expect(previewPlan(planDeploy(now, before).plan)).not.toContain(
      "versions disable",
    );
  });

  test("comes back as what it is today", () => {
    const state = structuredClone(before);
    state.secrets.keys.OPENAI_API_KEY?.versions.unshift({
      number: 2,
      state: "ENABLED",
    });
    const [revision] = state.revisions;
    const pins = pinsOfRevision(revision?.spec ?? { containers: [] });
    expect(listKeyChanges(now.settings, state, pins)).toMatchObject([
      {
        key: { variable: "OPENAI_API_KEY" },
        secret: "litellm-openai-api-key",
        today: 2,
      },
    ]);
  });

  test("is removed with the rest", () => {
    expect(previewPlan(planClean(now.settings, before).plan)).toContain(
      "secrets delete litellm-openai-api-key",
    );
  });
});

describe("a secret that config/service.yaml names itself", () => {
  const own = inputWith({ settings: env([], ["my-token"]) });
  const keys = { masterKey: newKey };
  const secret = deployedState(openai).secrets.keys.OPENAI_API_KEY;

  test("gets its grant", () => {
    const state = emptyState();
    const stored = { ...secret, name: "my-token", labels: {}, bindings: [] };
    state.secrets = { ...state.secrets, own: { "my-token": stored as never } };
    const text = previewPlan(planDeploy({ ...own, keys }, state).plan);
    expect(text).toContain("secrets add-iam-policy-binding my-token");
    expect(text).not.toContain("secrets create my-token");
    expect(planClean(own.settings, state).kept).toEqual([
      "secret my-token: not made by this project",
    ]);
  });

  test("must be there", () => {
    expect(() => planDeploy({ ...own, keys }, emptyState())).toThrow(
      "config/service.yaml names secret my-token, which is not there",
    );
  });
});

test("Vertex AI with the Gemini API as its fallback keeps the account's role, and can come back", () => {
  const settings = env(["GEMINI_API_KEY"], [], "vertex");
  const input = inputWith({ settings });
  const state = deployedState(input);
  expect(planDeploy(input, state).plan).toEqual([]);
  const { service, revisions } = state;
  const [revision] = revisions;
  if (service === undefined || revision === undefined) throw new Error("none");
  expect(callsVertexAs(service, settings.serviceAccount)).toBe(true);
  expect(findRevisionObstacle(settings, state, revision)).toBeUndefined();
});

test("a revision of an earlier version tells its mode by the Gemini key", () => {
  const containers = (names: string[]) => [
    { image: "i", env: names.map((name) => ({ name })) },
  ];
  expect(modeOf({}, { containers: containers(["GEMINI_API_KEY"]) })).toBe(
    "apikey",
  );
  expect(modeOf({}, { containers: containers([]) })).toBe("vertex");
  const annotations = { "litellm-cloudrun-mode": "vertex" };
  expect(
    modeOf({ annotations }, { containers: containers(["GEMINI_API_KEY"]) }),
  ).toBe("vertex");
});
