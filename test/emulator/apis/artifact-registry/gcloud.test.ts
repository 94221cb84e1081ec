import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  pullImage,
  pushImage,
} from "../../../../emulator/apis/artifact-registry/push-image.ts";
import { createServiceAccount } from "../../../../emulator/apis/iam/service-account.ts";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const REPOSITORY = "us-central1-docker.pkg.dev/demo-litellm/litellm";
const PATH =
  "/v1/projects/demo-litellm/locations/us-central1/repositories/litellm";
const WRITER = "writer@demo-litellm.iam.gserviceaccount.com";
const FIRST = `sha256:${"1a".repeat(32)}`;
const SECOND = `sha256:${"2b".repeat(32)}`;

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  const project = emulator.cloud.project("demo-litellm");
  project.enabledApis.add("artifactregistry.googleapis.com");
  createServiceAccount(project, WRITER, {});
});

afterAll(() => emulator.close());

const gcloud = async (...args: string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await emulator.gcloud([
    "artifacts",
    ...args,
  ]);
  expect(exitCode, stderr).toBe(0);
  return stdout;
};

const push = (tag: string, digest: string) =>
  pushImage(
    emulator.cloud,
    `serviceAccount:${WRITER}`,
    `${REPOSITORY}/litellm:${tag}`,
    { digest, content: { kind: "litellm", version: tag, warm: false } },
  );

describe("an enum", () => {
  const create = (format: unknown) =>
    callRest(
      emulator,
      "POST",
      `${PATH.slice(0, PATH.lastIndexOf("/"))}?repositoryId=by-number`,
      { format, mode: 1 },
    );

  it("may be its number, as Google's REST clients send it", async () => {
    expect((await create(1)).status).toBe(200);
    const path = PATH.replace("/litellm", "/by-number");
    const { body } = await callRest(emulator, "GET", path);
    await callRest(emulator, "DELETE", path);
    expect(body).toMatchObject({
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
    });
  });

  it("of a number that it does not have is refused", async () => {
    const { status, message } = await create(4);
    expect(status).toBe(400);
    expect(message).toContain("Invalid value at 'repository.format'");
  });
});

describe("gcloud artifacts", () => {
  it("creates a repository and shows what it was given", async () => {
    await gcloud(
      ...["repositories", "create", "litellm", "--repository-format=docker"],
      ...["--location=us-central1", "--labels=team=gateway"],
    );
    const shown = await gcloud(
      ...["repositories", "describe", "litellm", "--location=us-central1"],
      "--format=json",
    );
    expect(JSON.parse(shown)).toMatchObject({
      name: PATH.slice("/v1/".length),
      format: "DOCKER",
      labels: { team: "gateway" },
      registryUri: REPOSITORY,
    });
    expect(
      await gcloud("repositories", "list", "--format=value(name)"),
    ).toContain("litellm");
  });

  it("says who may push", async () => {
    expect(() => push("v1.108.14", FIRST)).toThrow(
      "Permission 'artifactregistry.repositories.uploadArtifacts' denied on resource",
    );
    await gcloud(
      ...["repositories", "add-iam-policy-binding", "litellm"],
      ...["--location=us-central1", `--member=serviceAccount:${WRITER}`],
      "--role=roles/artifactregistry.writer",
    );
    expect(push("v1.108.14", FIRST).tags).toEqual(new Set(["v1.108.14"]));
  });

  it("lists images with their tags", async () => {
    push("v1.108.13", SECOND);
    const listed = await gcloud(
      ...["docker", "images", "list", REPOSITORY, "--include-tags"],
      "--format=json",
    );
    expect(JSON.parse(listed)).toMatchObject([
      { package: `${REPOSITORY}/litellm`, version: FIRST, tags: ["v1.108.14"] },
      { version: SECOND, tags: ["v1.108.13"] },
    ]);
  });
});

describe("a tag", () => {
  const tag = (name: string) =>
    callRest(emulator, "GET", `${PATH}/packages/litellm/tags/${name}`);

  it("names the digest of its image", async () => {
    expect((await tag("v1.108.14")).body).toEqual({
      name: `${PATH.slice("/v1/".length)}/packages/litellm/tags/v1.108.14`,
      version: `${PATH.slice("/v1/".length)}/packages/litellm/versions/${FIRST}`,
    });
    expect((await tag("v9.9.9")).status).toBe(404);
  });

  it("moves to what is pushed under it", async () => {
    push("v1.108.13", FIRST);
    expect((await tag("v1.108.13")).body).toMatchObject({
      version: expect.stringContaining(FIRST) as string,
    });
    const pulled = pullImage(
      emulator.cloud,
      `serviceAccount:${WRITER}`,
      `${REPOSITORY}/litellm@${SECOND}`,
    );
    expect(pulled.tags.size).toBe(0);
  });
});

it.each([
  [`${PATH}/packages`, "packages"],
  [`${PATH}/packages/litellm/versions?view=FULL`, "versions"],
  [`${PATH}/packages/litellm/tags`, "tags"],
  [`${PATH}/dockerImages`, "dockerImages"],
])("answers GET %s", async (path, field) => {
  const { status, body } = await callRest(emulator, "GET", path);
  expect(status).toBe(200);
  expect((body as Record<string, object[]>)[field]?.length).toBeGreaterThan(0);
});

it("refuses a repository of another format, and one that there is", async () => {
  const create = (id: string, format: string) => {
    const parent = PATH.slice(0, PATH.lastIndexOf("/"));
    return callRest(emulator, "POST", `${parent}?repositoryId=${id}`, {
      format,
    });
  };
  expect((await create("packages", "NPM")).code).toBe("INVALID_ARGUMENT");
  expect((await create("litellm", "DOCKER")).code).toBe("ALREADY_EXISTS");
  expect((await create("-bad", "DOCKER")).code).toBe("INVALID_ARGUMENT");
});

it("deletes a repository with its images", async () => {
  await gcloud(
    ...["repositories", "delete", "litellm", "--location=us-central1"],
    "--quiet",
  );
  expect((await callRest(emulator, "GET", PATH)).status).toBe(404);
});

itConforms(() => emulator.exchanges);
