import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { REREAD_SECONDS } from "../../../../scripts/lib/service/client-keys/report.ts";
import { planClean } from "../../../../scripts/lib/service/clean/plan-clean.ts";
import { planDeploy } from "../../../../scripts/lib/service/deploy/plan-deploy.ts";
import { checkTogether } from "../../../../scripts/lib/pipeline/check-pipeline.ts";
import { stepsOf, titlesOf } from "../../../../scripts/lib/plan/step.ts";
import {
  deployedState,
  emptyState,
  inputWith,
  newKey,
  rendered,
  settingsWith,
} from "../../../support/states.ts";

const on = inputWith({ settings: settingsWith({ CLIENT_KEYS: "true" }) });
const off = inputWith();
const PINS = { configVersion: "sha-aaaaaaaaaaaa", keys: { masterKey: "1" } };

it("are a secret with an empty list, which the service account reads", () => {
  const keys = { masterKey: newKey };
  const steps = stepsOf(planDeploy({ ...on, keys }, emptyState()).plan);
  const previews = steps.map(({ preview }) => preview);
  expect(
    previews.filter((text) =>
      /^gcloud secrets .*litellm-client-keys/.test(text),
    ),
  ).toMatchInlineSnapshot(`
    [
      "gcloud secrets create litellm-client-keys --data-file=- --replication-policy=automatic --labels=litellm-cloudrun=true --project=my-project <<'EOF'
    {"removed": [], "keys": []}
    EOF",
      "gcloud secrets add-iam-policy-binding litellm-client-keys --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none",
    ]
  `);
});

it("are mounted at what is latest, and only where they are on", () => {
  const { spec } = rendered(on.settings, PINS).spec.template;
  expect(spec.volumes?.[1]).toEqual({
    name: "client-keys",
    secret: {
      secretName: "litellm-client-keys",
      items: [{ key: "latest", path: "client-keys.json" }],
    },
  });
  const without = rendered(off.settings, PINS).spec.template.spec;
  expect(without.volumes).toHaveLength(1);
  expect(without.containers[0]?.volumeMounts).toHaveLength(1);
});

it("change nothing where they are as they should be, and go with the next revision where they are off", () => {
  expect(titlesOf(planDeploy(on, deployedState(on)).plan)).toEqual([]);
  const { differences } = planDeploy(off, deployedState(on));
  expect(differences?.map(({ path }) => path)).toEqual(
    expect.arrayContaining([expect.stringContaining("volumes")]),
  );
});

it("are read again after as long as keys.ts says", () => {
  const python = readFileSync("config/client_keys.py", "utf8");
  expect(python).toContain(`\nREREAD_SECONDS = ${REREAD_SECONDS}\n`);
});

it("go with the env, on or off", () => {
  for (const { settings } of [on, off]) {
    expect(titlesOf(planClean(settings, deployedState(on)).plan)).toContain(
      "Delete secret litellm-client-keys",
    );
  }
});

it("are not read where the newest version of the secret is disabled", () => {
  const state = deployedState(on);
  const { clientKeys } = state.secrets;
  if (clientKeys === undefined) throw new Error("no secret");
  clientKeys.versions = [
    { number: 2, state: "DISABLED" },
    { number: 1, state: "ENABLED" },
  ];
  expect(() => planDeploy(on, state)).toThrow(
    "version 2 of secret litellm-client-keys, its latest, is disabled, and the service reads that one",
  );
});

it("are on in every stage of a pipeline or in none", () => {
  const prod = { ...on.settings, env: "prod", service: "other" };
  expect(checkTogether([off.settings, prod])).toEqual([
    "envs/prod.env: CLIENT_KEYS=true, but envs/dev.env has false: one release has one CLIENT_KEYS",
  ]);
});
