import { describe, expect, test } from "vitest";
import { parseRepository } from "../../../scripts/lib/pipeline/triggers.ts";
import { planSetup } from "../../../scripts/lib/pipeline/plan-setup.ts";
import { stepsOf } from "../../../scripts/lib/plan/step.ts";
import type { SetupState } from "../../../scripts/lib/pipeline/setup-state.ts";
import type { Settings } from "../../../scripts/lib/settings/settings.ts";
import {
  emptySetup,
  envWith,
  file,
  placeFor,
  setUp,
  stages,
} from "../../support/pipeline-states.ts";
import { previewPlan } from "../../support/plans.ts";

const github = { owner: "someone", name: "gateway" };

function preview(
  settings: readonly Settings[],
  state: SetupState,
  source?: typeof github,
): string {
  const place = placeFor(settings);
  return previewPlan(planSetup({ place, file, source }, state));
}

describe("setup", () => {
  test("makes everything in empty projects", () => {
    expect(preview(stages, emptySetup(stages), github)).toMatchInlineSnapshot(`
      "gcloud services enable aiplatform.googleapis.com artifactregistry.googleapis.com cloudbilling.googleapis.com cloudbuild.googleapis.com clouddeploy.googleapis.com cloudresourcemanager.googleapis.com iam.googleapis.com iamcredentials.googleapis.com logging.googleapis.com run.googleapis.com secretmanager.googleapis.com serviceusage.googleapis.com storage.googleapis.com --project=my-project
      gcloud services enable aiplatform.googleapis.com iam.googleapis.com run.googleapis.com secretmanager.googleapis.com --project=prod-project

      gcloud iam service-accounts create litellm-build --display-name='LiteLLM delivery: build' --description='litellm-cloudrun: builds what is pushed to main (cloudbuild.yaml)' --project=my-project
      gcloud iam service-accounts create litellm-check --display-name='LiteLLM delivery: check' --description='litellm-cloudrun: tests (cloudbuild.check.yaml, cloudbuild.test.yaml)' --project=my-project
      gcloud iam service-accounts create litellm-deployer --display-name='LiteLLM delivery: deployer' --description='litellm-cloudrun: makes releases (scripts/release.ts)' --project=my-project
      gcloud iam service-accounts create litellm-execution --display-name='LiteLLM delivery: execution' --description='litellm-cloudrun: renders and deploys for Cloud Deploy' --project=my-project
      gcloud iam service-accounts create litellm-verify --display-name='LiteLLM delivery: verify' --description='litellm-cloudrun: verifies for Cloud Deploy' --project=my-project
      gcloud iam service-accounts create litellm-automation --display-name='LiteLLM delivery: automation' --description='litellm-cloudrun: advances, promotes and repairs rollouts' --project=my-project
      gcloud artifacts repositories create litellm --repository-format=docker --description='The images of LiteLLM on Cloud Run' --labels=litellm-cloudrun=true --location=us-central1 --project=my-project
      gcloud storage buckets create gs://my-project-litellm-cloudrun --location=us-central1 --uniform-bucket-level-access --public-access-prevention --project=my-project
        then gcloud storage buckets update gs://my-project-litellm-cloudrun --update-labels=litellm-cloudrun=true --project=my-project
      gcloud iam service-accounts create litellmsa --display-name='LiteLLM on Cloud Run' --description='litellm-cloudrun: runs the LiteLLM proxy on Cloud Run' --project=my-project
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None --format=none
      gcloud secrets create litellm-config --replication-policy=automatic --labels=litellm-cloudrun=true --project=my-project
      gcloud secrets create litellm-master-key --replication-policy=automatic --labels=litellm-cloudrun=true --project=my-project
      gcloud iam service-accounts create litellmsa --display-name='LiteLLM on Cloud Run' --description='litellm-cloudrun: runs the LiteLLM proxy on Cloud Run' --project=prod-project
        then gcloud projects add-iam-policy-binding prod-project --member=serviceAccount:litellmsa@prod-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None --format=none
      gcloud secrets create litellm-config --replication-policy=automatic --labels=litellm-cloudrun=true --project=prod-project
      gcloud secrets create litellm-master-key --replication-policy=automatic --labels=litellm-cloudrun=true --project=prod-project
      gcloud beta services identity create --service=run.googleapis.com --project=prod-project --format=none

      gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/logging.logWriter --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/cloudbuild.builds.editor --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-check@my-project.iam.gserviceaccount.com --role=roles/logging.logWriter --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/clouddeploy.releaser --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/clouddeploy.jobRunner --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/clouddeploy.jobRunner --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-automation@my-project.iam.gserviceaccount.com --role=roles/clouddeploy.operator --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/run.viewer --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/iam.securityReviewer --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/run.admin --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/run.viewer --condition=None --format=none
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
      gcloud artifacts repositories add-iam-policy-binding litellm --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/artifactregistry.writer --location=us-central1 --project=my-project --format=none
        then gcloud artifacts repositories add-iam-policy-binding litellm --member=serviceAccount:litellm-check@my-project.iam.gserviceaccount.com --role=roles/artifactregistry.reader --location=us-central1 --project=my-project --format=none
        then gcloud artifacts repositories add-iam-policy-binding litellm --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/artifactregistry.reader --location=us-central1 --project=my-project --format=none
        then gcloud artifacts repositories add-iam-policy-binding litellm --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/artifactregistry.reader --location=us-central1 --project=my-project --format=none
        then gcloud artifacts repositories add-iam-policy-binding litellm --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/artifactregistry.reader --location=us-central1 --project=my-project --format=none
        then gcloud artifacts repositories add-iam-policy-binding litellm --member=serviceAccount:service-101@serverless-robot-prod.iam.gserviceaccount.com --role=roles/artifactregistry.reader --location=us-central1 --project=my-project --format=none
      gcloud storage buckets add-iam-policy-binding gs://my-project-litellm-cloudrun --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/storage.objectViewer --project=my-project --format=none
        then gcloud storage buckets add-iam-policy-binding gs://my-project-litellm-cloudrun --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/storage.legacyBucketReader --project=my-project --format=none
        then gcloud storage buckets add-iam-policy-binding gs://my-project-litellm-cloudrun --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/storage.objectUser --project=my-project --format=none
      gcloud iam service-accounts add-iam-policy-binding litellm-deployer@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountTokenCreator --condition=None --project=my-project --format=none
      gcloud iam service-accounts add-iam-policy-binding litellm-build@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
      gcloud iam service-accounts add-iam-policy-binding litellm-check@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
      gcloud iam service-accounts add-iam-policy-binding litellm-execution@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
        then gcloud iam service-accounts add-iam-policy-binding litellm-execution@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-automation@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
      gcloud iam service-accounts add-iam-policy-binding litellm-verify@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
        then gcloud iam service-accounts add-iam-policy-binding litellm-verify@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-automation@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
      gcloud secrets add-iam-policy-binding litellm-config --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=my-project --format=none
        then gcloud secrets add-iam-policy-binding litellm-config --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none
      gcloud secrets add-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=my-project --format=none
        then gcloud secrets add-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none
      gcloud iam service-accounts add-iam-policy-binding litellmsa@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none
      gcloud projects add-iam-policy-binding prod-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/run.viewer --condition=None --format=none
        then gcloud projects add-iam-policy-binding prod-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/iam.securityReviewer --condition=None --format=none
        then gcloud projects add-iam-policy-binding prod-project --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
        then gcloud projects add-iam-policy-binding prod-project --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/run.admin --condition=None --format=none
        then gcloud projects add-iam-policy-binding prod-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/run.viewer --condition=None --format=none
        then gcloud projects add-iam-policy-binding prod-project --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/serviceusage.serviceUsageConsumer --condition=None --format=none
        then gcloud projects add-iam-policy-binding prod-project --member=serviceAccount:service-101@serverless-robot-prod.iam.gserviceaccount.com --role=roles/run.serviceAgent --condition=None --format=none
      gcloud secrets add-iam-policy-binding litellm-config --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=prod-project --format=none
        then gcloud secrets add-iam-policy-binding litellm-config --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=prod-project --format=none
      gcloud secrets add-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/secretmanager.admin --project=prod-project --format=none
        then gcloud secrets add-iam-policy-binding litellm-master-key --member=serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=prod-project --format=none
      gcloud iam service-accounts add-iam-policy-binding litellmsa@prod-project.iam.gserviceaccount.com --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=prod-project --format=none

      gcloud deploy apply --file=/dev/stdin --region=us-central1 --project=my-project <<'EOF'

      gcloud builds triggers create github --name=litellm-main --description='litellm-cloudrun: releases what is pushed to main' --repo-owner=someone --repo-name=gateway --branch-pattern='^main$' --build-config=cloudbuild.yaml --service-account=projects/my-project/serviceAccounts/litellm-build@my-project.iam.gserviceaccount.com --region=us-central1 --project=my-project --format=none
      gcloud builds triggers create github --name=litellm-check --description='litellm-cloudrun: checks pull requests' --repo-owner=someone --repo-name=gateway --pull-request-pattern='^main$' --comment-control=COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY --build-config=cloudbuild.check.yaml --service-account=projects/my-project/serviceAccounts/litellm-check@my-project.iam.gserviceaccount.com --region=us-central1 --project=my-project --format=none"
    `);
  });

  test("has nothing to do the second time", () => {
    expect(preview(stages, setUp(stages))).toBe("");
  });

  test("goes on from where an earlier one was stopped", () => {
    const state = setUp(stages);
    state.pipeline.bucket = {
      labels: {},
      projectNumber: "100",
      bindings: [],
    };
    state.pipeline.accounts.check = undefined;
    state.pipeline.automations.pop();
    expect(preview(stages, state)).toMatchInlineSnapshot(`
      "gcloud iam service-accounts create litellm-check --display-name='LiteLLM delivery: check' --description='litellm-cloudrun: tests (cloudbuild.check.yaml, cloudbuild.test.yaml)' --project=my-project
      gcloud storage buckets update gs://my-project-litellm-cloudrun --update-labels=litellm-cloudrun=true --project=my-project

      gcloud storage buckets add-iam-policy-binding gs://my-project-litellm-cloudrun --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/storage.objectViewer --project=my-project --format=none
        then gcloud storage buckets add-iam-policy-binding gs://my-project-litellm-cloudrun --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/storage.legacyBucketReader --project=my-project --format=none
        then gcloud storage buckets add-iam-policy-binding gs://my-project-litellm-cloudrun --member=serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com --role=roles/storage.objectUser --project=my-project --format=none
      gcloud iam service-accounts add-iam-policy-binding litellm-check@my-project.iam.gserviceaccount.com --member=serviceAccount:litellm-build@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser --condition=None --project=my-project --format=none

      gcloud deploy apply --file=/dev/stdin --region=us-central1 --project=my-project <<'EOF'"
    `);
  });

  test("takes the parameters of a target away that an earlier version gave it", () => {
    const state = setUp(stages);
    const [target] = state.pipeline.targets;
    Object.assign(target ?? {}, {
      deployParameters: { masterKeyVersion: "7" },
    });
    const plan = planSetup(
      { place: placeFor(stages), file, source: undefined },
      state,
    );
    expect(stepsOf(plan).map((s) => s.title)).toEqual([
      "Apply to Cloud Deploy: target dev (deployParameters)",
    ]);
  });

  test("takes away what let the deployer change the pipeline, start builds, deploy, or act as others", () => {
    const state = setUp(stages);
    const member =
      "serviceAccount:litellm-deployer@my-project.iam.gserviceaccount.com";
    const had = [
      "roles/clouddeploy.operator",
      "roles/clouddeploy.viewer",
      "roles/cloudbuild.builds.editor",
      "roles/run.admin",
    ].map((role) => ({ role, members: [member] }));
    state.pipeline.projectBindings.push(...had);
    state.envs[0]?.project.projectBindings.push(...had);
    state.pipeline.accounts.automation?.bindings.push({
      role: "roles/iam.serviceAccountUser",
      members: [member],
    });
    const plan = planSetup(
      { place: placeFor(stages), file, source: undefined },
      state,
    );
    expect(stepsOf(plan).map((s) => s.title.replace(/ from .*/, ""))).toEqual([
      expect.stringContaining("Take roles/run.admin on project"),
      expect.stringContaining("Take roles/clouddeploy.operator on project"),
      expect.stringContaining("Take roles/clouddeploy.viewer on project"),
      expect.stringContaining("Take roles/cloudbuild.builds.editor on project"),
      expect.stringContaining("Take roles/iam.serviceAccountUser on"),
    ]);
  });

  test("leaves the pipeline alone where only what travels with a release changed", () => {
    const changed = [envWith("dev", { CPU: "2" }), ...stages.slice(1)];
    const plan = planSetup(
      { place: placeFor(changed), file, source: undefined },
      { ...setUp(stages), envs: setUp(changed).envs },
    );
    expect(stepsOf(plan)).toEqual([]);
  });

  test("applies the pipeline where a stage lies elsewhere", () => {
    const moved = [
      envWith("dev", { REGION: "europe-west4" }),
      ...stages.slice(1),
    ];
    const old = setUp(stages);
    const plan = planSetup(
      { place: placeFor(stages), file, source: undefined },
      { ...old, envs: setUp(moved).envs },
    );
    expect(
      stepsOf(plan)
        .map((s) => s.title)
        .join(),
    ).toContain("run.location");
  });

  test("removes the target of a stage that is gone", () => {
    const state = setUp(stages);
    state.pipeline.targets.push({
      name: "targets/asia",
      labels: { "litellm-cloudrun": "true" },
    });
    expect(preview(stages, state)).toBe(
      "gcloud deploy targets delete asia --region=us-central1 --project=my-project --quiet",
    );
  });

  test("makes a trigger anew that is for another repository", () => {
    const state = setUp(stages);
    const place = placeFor(stages);
    const made = stepsOf(planSetup({ place, file, source: github }, state));
    expect(made.map((s) => s.title)).toEqual([
      "Create trigger litellm-main: cloudbuild.yaml",
      "Create trigger litellm-check: cloudbuild.check.yaml",
    ]);
    state.pipeline.triggers = [
      {
        name: "litellm-main",
        description: "litellm-cloudrun: x",
        filename: "cloudbuild.yaml",
        github: { owner: "other" },
      },
    ];
    const again = stepsOf(planSetup({ place, file, source: github }, state));
    expect(again.map((s) => s.title)).toEqual([
      "Delete trigger litellm-main, which differs",
      "Create trigger litellm-main: cloudbuild.yaml",
      "Create trigger litellm-check: cloudbuild.check.yaml",
    ]);
  });

  test("takes a role away that the env no longer needs", () => {
    const access = [envWith("dev", { ACCESS: "iam" })];
    const { envs } = emptySetup(access);
    const state = { ...setUp([envWith("dev")]), envs };
    expect(preview(access, state)).toContain(
      "remove-iam-policy-binding my-project --member=serviceAccount:litellm-execution@my-project.iam.gserviceaccount.com --role=roles/run.admin",
    );
  });

  test("keeps what verifies a service that asks for identities, until a release opens it", () => {
    const member =
      "serviceAccount:litellm-verify@my-project.iam.gserviceaccount.com";
    const role = "roles/run.invoker";
    const state = setUp([envWith("dev")]);
    const [dev] = state.envs;
    state.pipeline.projectBindings.push({ role, members: [member] });
    dev?.project.projectBindings.push({ role, members: [member] });
    const take = `--member=${member} --role=${role}`;
    expect(preview([envWith("dev")], state)).toContain(take);
    Object.assign(dev?.project ?? {}, {
      service: {
        metadata: {
          name: "litellm-proxy",
          labels: { "litellm-cloudrun": "true" },
        },
      },
    });
    expect(preview([envWith("dev")], state)).not.toContain(take);
  });

  test("stops where something of the right name is somebody else's", () => {
    const state = setUp(stages);
    const { pipeline } = state;
    if (pipeline.accounts.build !== undefined) {
      pipeline.accounts.build.description = "mine";
    }
    pipeline.repository = { labels: {}, bindings: [] };
    pipeline.bucket = {
      labels: {},
      projectNumber: "666",
      bindings: [],
    };
    pipeline.triggers = [{ name: "litellm-main" }];
    expect(() => preview(stages, state)).toThrow(
      [
        "my-project already has, without this project's mark:",
        "  service account litellm-build@my-project.iam.gserviceaccount.com",
        "  Artifact Registry repository litellm",
        "  bucket my-project-litellm-cloudrun, in another project",
        "  trigger litellm-main",
        "Nothing was changed.",
      ].join("\n"),
    );
  });

  test("stops where a target is somebody else's", () => {
    const state = setUp(stages);
    const [dev] = state.pipeline.targets;
    if (dev !== undefined) dev.labels = {};
    expect(() => preview(stages, state)).toThrow(
      "Cloud Deploy already has, without this project's mark: target dev",
    );
  });
});

describe("the repository that triggers are for", () => {
  const place = { projectId: "my-project", region: "us-central1" };
  const parse = (github?: string, repository?: string) =>
    parseRepository({ github, repository }, place);

  test("is one of Cloud Build's connections, or of its app on GitHub", () => {
    const repository =
      "projects/p/locations/us-central1/connections/c/repositories/r";
    expect(parse(undefined, repository)).toEqual({ repository });
    expect(parse("someone/gateway")).toEqual(github);
    expect(parse()).toBeUndefined();
  });

  test.each([
    ["gateway", undefined, "--github=gateway: expected OWNER/REPOSITORY"],
    [undefined, "c/r", "--repository=c/r: expected projects/PROJECT/"],
    ["a/b", "c", "--github and --repository name the same thing twice"],
    [
      undefined,
      "projects/p/locations/europe-west1/connections/c/repositories/r",
      "the connection is in europe-west1, the pipeline in us-central1",
    ],
  ])("is refused as %j, %j", (name, repository, message) => {
    expect(() => parse(name, repository)).toThrow(message);
  });
});
