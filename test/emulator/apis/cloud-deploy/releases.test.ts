import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import {
  type Release,
  deliveryOf,
} from "../../../../emulator/apis/cloud-deploy/state.ts";
import { readObject } from "../../../../emulator/apis/storage/state.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import {
  EXECUTION,
  SOURCE,
  type Source,
  startPipelineEmulator,
  uploadSource,
  withDirectory,
} from "../../../support/release-source.ts";
import { itConforms } from "../../../support/discovery.ts";
import { callRest } from "../../../support/rest.ts";

const PLACE = "/v1/projects/demo-litellm/locations/us-central1";
const PIPELINE = `${PLACE}/deliveryPipelines/litellm`;
const FLAGS = ["--delivery-pipeline=litellm", "--region=us-central1"];

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startPipelineEmulator();
  for (const [id, region] of [
    ["dev", "us-central1"],
    ["prod-us", "us-east1"],
  ] as const) {
    await call("POST", `${PLACE}/targets?targetId=${id}`, targetIn(region));
  }
  await call("POST", `${PLACE}/deliveryPipelines?deliveryPipelineId=litellm`, {
    serialPipeline: {
      stages: [
        { targetId: "dev", strategy: { standard: { verify: true } } },
        { targetId: "prod-us" },
      ],
    },
  });
});
afterAll(() => emulator.close());

function targetIn(region: string, parameters: Record<string, string> = {}) {
  return {
    run: { location: `projects/demo-litellm/locations/${region}` },
    deployParameters: { service: "proxy", ...parameters },
    executionConfigs: [
      {
        usages: ["RENDER", "DEPLOY"],
        serviceAccount: EXECUTION,
        artifactStorage: "gs://demo-staging/artifacts",
      },
    ],
  };
}

function call(method: string, path: string, body?: unknown) {
  return callRest(emulator, method, path, body);
}

async function get(id: string): Promise<Release> {
  const { body } = await call("GET", `${PIPELINE}/releases/${id}`);
  return body as Release;
}

function create(id: string, body: object) {
  return call("POST", `${PIPELINE}/releases?releaseId=${id}`, body);
}

/** A release of that source, once it has rendered or failed to. */
async function renderOf(
  id: string,
  source: Source = SOURCE,
  body: object = {},
): Promise<Release> {
  const skaffoldConfigUri = await uploadSource(emulator, `${id}.tgz`, source);
  const { status } = await create(id, { skaffoldConfigUri, ...body });
  expect(status).toBe(200);
  return vi.waitFor(async () => {
    const release = await get(id);
    expect(release.renderState).not.toBe("IN_PROGRESS");
    return release;
  });
}

/** What the first release rendered for the target. */
function rendered(id: string, target: string): unknown {
  const name = `${PIPELINE}/releases/${id}`.replace("/v1/", "");
  const release = deliveryOf(emulator.cloud).releases.get(name);
  const phases = release?.rendered.get(target)?.phases;
  return parse(phases?.get("stable")?.manifest ?? "");
}

describe("gcloud deploy releases create", () => {
  it("packs a directory, renders it for every target and waits for no rollout", async () => {
    const { exitCode, stderr } = await withDirectory(SOURCE, (directory) =>
      emulator.gcloud([
        "deploy",
        "releases",
        "create",
        "r-1",
        ...FLAGS,
        `--source=${directory}`,
        "--gcs-source-staging-dir=gs://demo-staging/source",
        "--skaffold-file=skaffold.yaml",
        "--skaffold-version=2.16",
        "--deploy-parameters=image=docker.io/litellm/litellm:v1,concurrency=8",
        "--annotations=litellm-cloudrun-inputs=0123",
        "--labels=team=a",
        "--disable-initial-rollout",
      ]),
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const release = await get("r-1");
    expect(release).toMatchObject({
      annotations: { "litellm-cloudrun-inputs": "0123" },
      labels: { team: "a" },
      renderState: "SUCCEEDED",
      deployParameters: { concurrency: "8" },
      targetRenders: {
        dev: { renderingState: "SUCCEEDED" },
        "prod-us": {
          metadata: {
            cloudRun: {
              service:
                "projects/demo-litellm/locations/us-east1/services/proxy",
            },
          },
        },
      },
    });
    expect(rendered("r-1", "dev")).toMatchObject({
      metadata: { name: "proxy", labels: { "release-id": "r-1" } },
      spec: {
        template: {
          metadata: { labels: { "managed-by": "google-cloud-deploy" } },
          spec: {
            containerConcurrency: 8,
            containers: [{ image: "docker.io/litellm/litellm:v1" }],
          },
        },
      },
    });
  });

  it("keeps the rendered manifest in the target's bucket", async () => {
    const { targetArtifacts } = await get("r-1");
    const { artifactUri = "", manifestPath = "" } = targetArtifacts?.dev ?? {};
    const content = readObject(
      emulator.cloud,
      `${artifactUri}/${manifestPath}`,
    );
    expect(parse(content.toString())).toEqual(rendered("r-1", "dev"));
  });

  it("starts the first rollout unless told otherwise", async () => {
    const { exitCode, stderr } = await withDirectory(SOURCE, (directory) =>
      emulator.gcloud([
        "deploy",
        "releases",
        "create",
        "r-2",
        ...FLAGS,
        `--source=${directory}`,
        "--initial-rollout-annotations=why=test",
      ]),
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const rollout = await call(
      "GET",
      `${PIPELINE}/releases/r-2/rollouts/r-2-to-dev-0001`,
    );
    expect(rollout.body).toMatchObject({
      targetId: "dev",
      annotations: { why: "test" },
    });
  });

  it("is told what keeps a release from being made", async () => {
    const { exitCode, stderr } = await withDirectory(SOURCE, (directory) =>
      emulator.gcloud([
        "deploy",
        "releases",
        "create",
        "r-3",
        ...FLAGS,
        `--source=${directory}`,
        "--deploy-parameters=service=twice",
      ]),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'deploy parameter "service" for target "dev" is set by the target and by the release',
    );
    expect((await call("GET", `${PIPELINE}/releases/r-3`)).code).toBe(
      "NOT_FOUND",
    );
  });
});

describe("a release", () => {
  it("is read back by gcloud, with snapshots named by the project's number", async () => {
    const { stdout } = await emulator.gcloud([
      "deploy",
      "releases",
      "list",
      ...FLAGS,
      "--format=json",
    ]);
    const [release] = JSON.parse(stdout) as Release[];
    expect(release?.name).toContain("projects/demo-litellm/");
    expect(release?.targetSnapshots.map(({ name }) => name)).toEqual([
      "projects/100000000001/locations/us-central1/targets/dev",
      "projects/100000000001/locations/us-central1/targets/prod-us",
    ]);
  });

  it("is the pipeline and targets of its time", async () => {
    const path = `${PLACE}/targets/prod-us?updateMask=*`;
    await call("PATCH", path, targetIn("us-east1", { concurrency: "2" }));
    const { targetSnapshots } = await get("r-1");
    expect(targetSnapshots[1]?.deployParameters).toEqual({ service: "proxy" });
    const { stderr } = await emulator.gcloud([
      "deploy",
      "releases",
      "promote",
      "--release=r-1",
      "--to-target=prod-us",
      ...FLAGS,
    ]);
    expect(stderr).toContain(
      "- projects/100000000001/locations/us-central1/targets/prod-us",
    );
    expect(stderr).not.toContain("targets/dev");
    await call("PATCH", path, targetIn("us-east1"));
  });

  it("can be abandoned, but not changed or deleted", async () => {
    const { exitCode } = await emulator.gcloud([
      "deploy",
      "releases",
      "abandon",
      "r-1",
      ...FLAGS,
    ]);
    expect(exitCode).toBe(0);
    expect(await get("r-1")).toMatchObject({ abandoned: true });
    const deleted = await call("DELETE", `${PIPELINE}/releases/r-1`);
    expect(deleted.code).toBe("UNIMPLEMENTED");
  });

  it("finds a source by its generation, as gcloud from 569 on names it", async () => {
    const uri = await uploadSource(emulator, "generation.tgz", SOURCE);
    await create("of-1", { skaffoldConfigUri: `${uri}#1` });
    await create("of-2", { skaffoldConfigUri: `${uri}#2` });
    await vi.waitFor(async () => {
      expect((await get("of-1")).renderState).toBe("SUCCEEDED");
      expect((await get("of-2")).renderState).toBe("FAILED");
    });
  });

  it("keeps a default whose parameter nobody gives", async () => {
    await renderOf("default");
    expect(rendered("default", "dev")).toMatchObject({
      spec: { template: { spec: { containers: [{ image: "unset" }] } } },
    });
  });
});

describe("a release is refused", () => {
  const uri = { skaffoldConfigUri: "gs://demo-staging/source.tgz" };

  it.each([
    ["without a source", "r-9", {}, "skaffold_config_uri is required"],
    ["with a name of another form", "R_9", uri, 'release_id "R_9" must match'],
    ["that exists", "r-1", uri, "releases/r-1' already exists"],
    [
      "with an unsupported Skaffold",
      "r-9",
      { ...uri, skaffoldVersion: "1.0" },
      'skaffold_version "1.0" is not supported',
    ],
    [
      "with a reserved parameter",
      "r-9",
      { ...uri, deployParameters: { CLOUD_DEPLOY_A: "" } },
      "the prefix CLOUD_DEPLOY_ is reserved",
    ],
    [
      "with a value that is too long",
      "r-9",
      { ...uri, deployParameters: { a: "x".repeat(513) } },
      "the maximum is 512",
    ],
    [
      "with a field that there is not",
      "r-9",
      { ...uri, nope: 1 },
      "Unknown name \"nope\" at 'release'",
    ],
  ])("%s", async (_what, id, body, message) => {
    const { status, message: said } = await create(id, body);
    expect([400, 409]).toContain(status);
    expect(said).toContain(message);
  });

  it("where its pipeline names a target that does not exist", async () => {
    const pipeline = `${PLACE}/deliveryPipelines/other`;
    const path = `${PLACE}/deliveryPipelines?deliveryPipelineId=other`;
    await call("POST", path, {
      serialPipeline: { stages: [{ targetId: "nowhere" }] },
    });
    const refused = await call("POST", `${pipeline}/releases?releaseId=r`, uri);
    expect(refused.code).toBe("FAILED_PRECONDITION");
    expect(refused.message).toContain(
      "refers to targets that do not exist: projects/demo-litellm/locations/us-central1/targets/nowhere",
    );
  });

  it("where the account that is to render it does not exist", async () => {
    const { serviceAccounts } = emulator.cloud.project("demo-litellm");
    const account = serviceAccounts.get(EXECUTION);
    serviceAccounts.delete(EXECUTION);
    const { code, message } = await create("r-9", uri);
    if (account) serviceAccounts.set(EXECUTION, account);
    expect(code).toBe("PERMISSION_DENIED");
    expect(message).toContain(`actAs' denied on service account ${EXECUTION}`);
  });
});

describe("a render fails", () => {
  it("for a source that is not there", async () => {
    await create("gone", { skaffoldConfigUri: "gs://demo-staging/gone.tgz" });
    await vi.waitFor(async () => {
      expect(await get("gone")).toMatchObject({
        renderState: "FAILED",
        condition: { releaseReadyCondition: { status: false } },
        targetRenders: {
          dev: {
            renderingState: "FAILED",
            failureCause: "EXECUTION_FAILED",
            failureMessage: "No such object: demo-staging/gone.tgz",
          },
        },
      });
    });
  });

  it("for one target alone where only that one verifies", async () => {
    const config = SOURCE["skaffold.yaml"] ?? "";
    const [start = ""] = config.split("verify:");
    const release = await renderOf("partly", {
      ...SOURCE,
      "skaffold.yaml": start,
    });
    expect(release).toMatchObject({
      renderState: "FAILED",
      targetRenders: {
        dev: { failureCause: "VERIFICATION_CONFIG_NOT_FOUND" },
        "prod-us": { renderingState: "SUCCEEDED" },
      },
    });
    expect(Object.keys(release.targetArtifacts ?? {})).toEqual(["prod-us"]);
  });

  it("where the execution account may not read the source, and its log says so", async () => {
    const { policy, logRecords } = emulator.cloud.project("demo-litellm");
    const { bindings } = policy;
    policy.bindings = bindings.filter(({ role }) => role === "roles/owner");
    const release = await renderOf("denied");
    policy.bindings = bindings;
    const { failureMessage = "", renderingBuild = "" } =
      release.targetRenders?.dev ?? {};
    expect(failureMessage).toContain(
      `${EXECUTION} does not have storage.objects.get access`,
    );
    const build = renderingBuild.slice(renderingBuild.lastIndexOf("/") + 1);
    const lines = logRecords.filter(
      ({ resource }) => resource.labels.build_id === build,
    );
    expect(lines.map(({ textPayload }) => textPayload)).toEqual([
      `ERROR: ${failureMessage}`,
    ]);
  });
});

itConforms(() =>
  emulator.exchanges.filter(({ api }) => api === "clouddeploy.googleapis.com"),
);
