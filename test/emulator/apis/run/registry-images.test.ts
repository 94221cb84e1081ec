import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { pushImage } from "../../../../emulator/apis/artifact-registry/push-image.ts";
import { createServiceAccount } from "../../../../emulator/apis/iam/service-account.ts";
import {
  BUILDER,
  IMAGES,
  LOCATION,
  startBuildEmulator,
} from "../../../support/builds.ts";
import {
  ACCOUNT,
  conditionsOf,
  newService,
} from "../../../support/cloud-run.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";
import { runOf } from "../../../../emulator/apis/run/state.ts";

const OTHER = "demo-elsewhere";
const DIGEST = `sha256:${"4d".repeat(32)}`;
const IMAGE = `${IMAGES}/litellm`;

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startBuildEmulator();
  const { cloud } = emulator;
  pushImage(cloud, `serviceAccount:${BUILDER}`, `${IMAGE}:v1.108.14`, {
    digest: DIGEST,
    content: { kind: "litellm", version: "v1.108.14", warm: false },
  });
  createServiceAccount(cloud.project("demo-litellm"), ACCOUNT, {});
  const other = cloud.createProject(OTHER, "user:developer@example.com");
  other.enabledApis.add("run.googleapis.com");
  createServiceAccount(other, `litellmsa@${OTHER}.iam.gserviceaccount.com`, {});
});

afterAll(() => emulator.close());

/** Creates a service of the image, and waits until it is ready or has failed. */
async function deploy(projectId: string, name: string, image: string) {
  const service = newService(name);
  const { spec } = service.spec.template;
  spec.serviceAccountName = `litellmsa@${projectId}.iam.gserviceaccount.com`;
  spec.containers = [{ image, args: ["--port", "8080"] }];
  const services = `/v1/projects/${projectId}/locations/us-central1/services`;
  const { status, message } = await callRest(
    emulator,
    "POST",
    services,
    service,
  );
  expect(status, message).toBe(200);
  return vi.waitFor(
    () => {
      const stored = runOf(emulator.cloud.project(projectId)).services.get(
        `us-central1/${name}`,
      );
      const ready = stored?.conditions.find((c) => c.type === "Ready");
      if (stored === undefined || ready?.status === "Unknown") {
        throw new Error("it has not settled");
      }
      return stored;
    },
    { timeout: 30_000, interval: 20 },
  );
}

it("finds an image of its own project, by tag or digest, and pins it", async () => {
  const service = await deploy("demo-litellm", "own", `${IMAGE}:v1.108.14`);
  const [revision] = [...service.revisions.values()];
  expect(revision?.image?.withDigest).toBe(`${IMAGE}@${DIGEST}`);
  // Without a config, a master key and the rest it does not start, but it was found.
  expect(JSON.stringify(conditionsOf(service))).not.toContain("not found");
});

it("fails with an image that is not in the repository", async () => {
  const image = `${IMAGE}:v9.9.9`;
  const service = await deploy("demo-litellm", "missing", image);
  expect(conditionsOf(service).Ready).toEqual([
    "False",
    expect.stringContaining(`Image '${image}' not found.`),
  ]);
});

it("finds an image of another project only once its service agent may read it", async () => {
  const { cloud } = emulator;
  const { projectNumber } = cloud.project(OTHER);
  const agent = `service-${projectNumber}@serverless-robot-prod.iam.gserviceaccount.com`;
  const image = `${IMAGE}@${DIGEST}`;
  const refused = await deploy(OTHER, "refused", image);
  expect(conditionsOf(refused).Ready).toEqual([
    "False",
    expect.stringContaining(
      `Google Cloud Run Service Agent ${agent} must have permission to read the image, ${image}.`,
    ),
  ]);
  const repository = `/v1/${LOCATION}/repositories/litellm`;
  const bindings = [
    {
      role: "roles/artifactregistry.reader",
      members: [`serviceAccount:${agent}`],
    },
  ];
  const { status, message } = await callRest(
    emulator,
    "POST",
    `${repository}:setIamPolicy`,
    { policy: { bindings } },
  );
  expect(status, message).toBe(200);
  const found = await deploy(OTHER, "found", image);
  const [revision] = [...found.revisions.values()];
  expect(revision?.image?.digest).toBe(DIGEST);
});
