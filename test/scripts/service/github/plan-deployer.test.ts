import { expect, test } from "vitest";
import { titlesOf } from "../../../../scripts/lib/plan/step.ts";
import { deployerOf } from "../../../../scripts/lib/service/github/deployer.ts";
import {
  type DeployerState,
  planDeployer,
  planDeployerRemoval,
} from "../../../../scripts/lib/service/github/plan-deployer.ts";
import type { GithubSource } from "../../../../scripts/lib/service/github/source.ts";
import { previewPlan } from "../../../support/plans.ts";
import {
  deployedState,
  emptyState,
  settingsWith,
} from "../../../support/states.ts";

const settings = settingsWith();
const source: GithubSource = {
  owner: "team",
  name: "gateway",
  branch: "main",
  ids: { owner: "11", repository: "22" },
};

function foundWith(values: Partial<DeployerState> = {}): DeployerState {
  return {
    state: deployedState(),
    runtimeBindings: [],
    account: undefined,
    federation: {
      projectNumber: "100",
      bindings: [],
      enabledApis: new Set(),
      pool: undefined,
      providers: [],
    },
    ...values,
  };
}

test("an account gets what a deploy needs, and a repository's pushes get the account", () => {
  const plan = planDeployer(settings, source, foundWith());
  expect(previewPlan(plan)).toMatchInlineSnapshot(`
    "gcloud iam service-accounts create litellm-deploy-dev --display-name='LiteLLM from GitHub: dev' --description='litellm-cloudrun: lets GitHub Actions deploy dev' --project=my-project

    gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-deploy-dev@my-project.iam.gserviceaccount.com --role=roles/run.admin --condition=None --format=none
      then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-deploy-dev@my-project.iam.gserviceaccount.com --role=roles/browser --condition=None --format=none
      then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-deploy-dev@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
    gcloud iam service-accounts add-iam-policy-binding litellmsa@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-deploy-dev@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
    gcloud secrets add-iam-policy-binding litellm-config --member=serviceAccount:litellm-deploy-dev@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=my-project --format=none
    gcloud secrets add-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-deploy-dev@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=my-project --format=none

    gcloud services enable iam.googleapis.com iamcredentials.googleapis.com sts.googleapis.com --project=my-project

    gcloud iam workload-identity-pools create litellm-deploy-dev --description='litellm-cloudrun: lets GitHub Actions deploy dev' --location=global --project=my-project
      then gcloud iam workload-identity-pools providers create-oidc github --workload-identity-pool=litellm-deploy-dev --issuer-uri=https://token.actions.githubusercontent.com --attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository --attribute-condition='assertion.repository == '\\''team/gateway'\\'' && assertion.repository_owner_id == '\\''11'\\'' && assertion.repository_id == '\\''22'\\'' && assertion.ref == '\\''refs/heads/main'\\'' && assertion.event_name == '\\''push'\\''' --location=global --project=my-project

    gcloud iam service-accounts add-iam-policy-binding litellm-deploy-dev@my-project.iam.gserviceaccount.com --member=principalSet://iam.googleapis.com/projects/100/locations/global/workloadIdentityPools/litellm-deploy-dev/attribute.repository/team/gateway --role=roles/iam.workloadIdentityUser --condition=None --project=my-project --format=none"
  `);
});

test("what is not prepared is named, and nothing is planned", () => {
  const state = deployedState();
  state.secrets.config = undefined;
  expect(() => planDeployer(settings, source, foundWith({ state }))).toThrow(
    "secret litellm-config",
  );
  expect(() =>
    planDeployer(settings, source, foundWith({ state: emptyState() })),
  ).toThrow("service litellm-proxy");
});

test("an account that somebody else made is refused, and stays", () => {
  const { email } = deployerOf(settings);
  const account = { email, description: "theirs", disabled: false };
  const found = foundWith({ account });
  expect(() => planDeployer(settings, source, found)).toThrow(email);
  const { plan, kept } = planDeployerRemoval(settings, found);
  expect(titlesOf(plan)).toEqual([]);
  expect(kept).toEqual([`service account ${email}: not made by this project`]);
});

test.each(["dev", "prod-europe-west1", "Team_A", "ends-"])(
  "the env %s gives its account and its pool a name that Google takes",
  (env) => {
    const { email, pool } = deployerOf({ env, projectId: "my-project" });
    expect(pool).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    expect(email).toBe(`${pool}@my-project.iam.gserviceaccount.com`);
  },
);
