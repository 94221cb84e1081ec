import { listSecrets } from "../../../scripts/lib/service/state/state.ts";
import { describe, expect, test } from "vitest";
import { planSetupRemoval } from "../../../scripts/lib/pipeline/plan-setup-removal.ts";
import type { SetupState } from "../../../scripts/lib/pipeline/setup-state.ts";
import {
  emptySetup,
  placeFor,
  setUp,
  stages,
} from "../../support/pipeline-states.ts";
import { previewPlan } from "../../support/plans.ts";

const place = placeFor(stages);

function preview(state: SetupState): string {
  return previewPlan(planSetupRemoval(place, state).plan);
}

describe("setup --remove", () => {
  test("removes the pipeline first and its accounts last", () => {
    const state = setUp(stages);
    state.pipeline.triggers = [
      { name: "litellm-main", description: "litellm-cloudrun: x" },
      { name: "theirs" },
    ];
    expect(preview(state)).toMatchInlineSnapshot(`
      "gcloud builds triggers delete litellm-main --region=us-central1 --project=my-project --quiet
      gcloud deploy delivery-pipelines delete litellm --force --region=us-central1 --project=my-project --quiet

      gcloud deploy targets delete dev --region=us-central1 --project=my-project --quiet
      gcloud deploy targets delete prod-us --region=us-central1 --project=my-project --quiet
      gcloud deploy targets delete prod-eu --region=us-central1 --project=my-project --quiet

      gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/logging.logWriter --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/cloudbuild.builds.editor --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-check@my-project.iam.gserviceaccount.com --role=roles/logging.logWriter --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/clouddeploy.releaser --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/clouddeploy.jobRunner --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/clouddeploy.jobRunner --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-automation@my-project.iam.gserviceaccount.com --role=roles/clouddeploy.operator --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/run.viewer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/iam.securityReviewer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/run.admin --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/run.viewer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
      gcloud iam service-accounts remove-iam-policy-binding litellmsa@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
      gcloud secrets remove-iam-policy-binding litellm-config --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=my-project --format=none
        then gcloud secrets remove-iam-policy-binding litellm-config --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none
      gcloud secrets remove-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=my-project --format=none
        then gcloud secrets remove-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none
      gcloud projects remove-iam-policy-binding prod-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/run.viewer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding prod-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/iam.securityReviewer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding prod-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding prod-project --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/run.admin --condition=None --format=none
        then gcloud projects remove-iam-policy-binding prod-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/run.viewer --condition=None --format=none
        then gcloud projects remove-iam-policy-binding prod-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
      gcloud iam service-accounts remove-iam-policy-binding litellmsa@prod-project.iam.gserviceaccount.com --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=prod-project --format=none
      gcloud secrets remove-iam-policy-binding litellm-config --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=prod-project --format=none
        then gcloud secrets remove-iam-policy-binding litellm-config --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=prod-project --format=none
      gcloud secrets remove-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=prod-project --format=none
        then gcloud secrets remove-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=prod-project --format=none

      gcloud artifacts repositories delete litellm --location=us-central1 --project=my-project --quiet
      gcloud storage rm --recursive gs://my-project-litellm-cloudrun --project=my-project
      gcloud secrets delete litellm-config --project=my-project --quiet
        then gcloud secrets delete litellm-master-key --project=my-project --quiet
        then gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None --format=none
        then gcloud iam service-accounts delete litellmsa@my-project.iam.gserviceaccount.com --project=my-project --quiet
      gcloud secrets delete litellm-config --project=prod-project --quiet
        then gcloud secrets delete litellm-master-key --project=prod-project --quiet
        then gcloud projects remove-iam-policy-binding prod-project --member=serviceAccount:litellmsa@prod-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None --format=none
        then gcloud iam service-accounts delete litellmsa@prod-project.iam.gserviceaccount.com --project=prod-project --quiet

      gcloud iam service-accounts delete litellm-build@my-project.iam.gserviceaccount.com --project=my-project --quiet
      gcloud iam service-accounts delete litellm-check@my-project.iam.gserviceaccount.com --project=my-project --quiet
      gcloud iam service-accounts delete litellm-deployer@my-project.iam.gserviceaccount.com --project=my-project --quiet
      gcloud iam service-accounts delete litellm-execution@my-project.iam.gserviceaccount.com --project=my-project --quiet
      gcloud iam service-accounts delete litellm-verify@my-project.iam.gserviceaccount.com --project=my-project --quiet
      gcloud iam service-accounts delete litellm-automation@my-project.iam.gserviceaccount.com --project=my-project --quiet"
    `);
    expect(planSetupRemoval(place, state).kept).toEqual([]);
  });

  test("has nothing to do where nothing is", () => {
    expect(planSetupRemoval(place, emptySetup(stages))).toEqual({
      plan: [],
      kept: [],
    });
  });

  test("keeps what an env was deployed with", () => {
    const state = setUp(stages);
    const [dev] = state.envs;
    dev?.project.secrets.keys.masterKey?.versions.push({
      number: 1,
      state: "ENABLED",
    });
    const text = preview(state);
    expect(text).not.toContain(
      "secrets delete litellm-config --project=my-project",
    );
    expect(text).not.toContain(
      "litellmsa@my-project.iam.gserviceaccount.com --project=my-project --quiet",
    );
    expect(text).toContain(
      "secrets delete litellm-config --project=prod-project",
    );
    expect(planSetupRemoval(place, state).kept).toEqual([
      "what env dev has in my-project: npx tsx scripts/clean.ts dev removes it",
    ]);
  });

  test("keeps what is not this project's", () => {
    const { pipeline, envs } = setUp(stages);
    const foreign = setUp(stages);
    for (const account of Object.values(pipeline.accounts)) {
      if (account !== undefined) account.description = "mine";
    }
    for (const { project } of envs) {
      if (project.serviceAccount !== undefined) {
        project.serviceAccount.description = "mine";
      }
      for (const secret of listSecrets(project)) secret.labels = {};
    }
    const { targets, bucket, repository } = pipeline;
    if (pipeline.pipeline !== undefined) pipeline.pipeline.labels = {};
    for (const target of targets) target.labels = {};
    if (bucket !== undefined) bucket.labels = { team: "other" };
    if (repository !== undefined) repository.labels = {};
    pipeline.triggers = [{ name: "litellm-check" }];
    expect(preview({ ...foreign, pipeline, envs })).toBe("");
    const { kept } = planSetupRemoval(place, { pipeline, envs });
    expect(kept).toContain("pipeline litellm: not made by this project");
    expect(kept).toContain("target dev: not made by this project");
    expect(kept).toContain("trigger litellm-check: not made by this project");
  });

  test("removes what deleted accounts left behind, and a bucket without its label", () => {
    const state = emptySetup(stages);
    const { pipeline } = state;
    pipeline.projectBindings = [
      {
        role: "roles/logging.logWriter",
        members: [
          "deleted:serviceAccount:litellm-build@my-project.iam.gserviceaccount.com?uid=1",
          "deleted:serviceAccount:other@my-project.iam.gserviceaccount.com?uid=2",
        ],
      },
    ];
    pipeline.bucket = {
      labels: {},
      projectNumber: "100",
      bindings: [],
    };
    expect(preview(state)).toMatchInlineSnapshot(`
      "gcloud projects remove-iam-policy-binding my-project --member='deleted:serviceAccount:litellm-build@my-project.iam.gserviceaccount.com?uid=1' --role=roles/logging.logWriter --condition=None --format=none

      gcloud storage rm --recursive gs://my-project-litellm-cloudrun --project=my-project"
    `);
  });
});
