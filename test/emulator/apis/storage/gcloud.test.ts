import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServiceAccount } from "../../../../emulator/apis/iam/service-account.ts";
import {
  storageOf,
  readObject,
} from "../../../../emulator/apis/storage/state.ts";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const BUCKET = "gs://demo-litellm-staging";
const READER = "reader@demo-litellm.iam.gserviceaccount.com";

let emulator: TestEmulator;
let directory: string;

beforeAll(async () => {
  emulator = await startTestEmulator();
  directory = await mkdtemp(path.join(tmpdir(), "storage-test-"));
  const project = emulator.cloud.project("demo-litellm");
  createServiceAccount(project, READER, {});
});

afterAll(async () => {
  await emulator.close();
  await rm(directory, { recursive: true, force: true });
});

const gcloud = async (...args: string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await emulator.gcloud(
    ["storage", ...args],
    { cwd: directory },
  );
  expect(exitCode, stderr).toBe(0);
  return stdout;
};

describe("gcloud storage", () => {
  it("creates a bucket and shows what it was given", async () => {
    await gcloud(
      ...["buckets", "create", BUCKET, "--location=us-central1"],
      "--uniform-bucket-level-access",
    );
    await gcloud("buckets", "update", BUCKET, "--update-labels=team=gateway");
    const shown = await gcloud("buckets", "describe", BUCKET, "--format=json");
    expect(JSON.parse(shown)).toMatchObject({
      name: "demo-litellm-staging",
      location: "US-CENTRAL1",
      location_type: "region",
      labels: { team: "gateway" },
      uniform_bucket_level_access: true,
    });
  });

  it("copies a small and a large file there and back", async () => {
    await writeFile(path.join(directory, "small.txt"), "hello\n");
    const large = Buffer.alloc(9_000_000, "0123456789");
    await writeFile(path.join(directory, "large.bin"), large);
    await gcloud("cp", "small.txt", "large.bin", `${BUCKET}/source/`);
    await gcloud("cp", `${BUCKET}/source/large.bin`, "back.bin");
    const back = await readFile(path.join(directory, "back.bin"));
    expect(back.equals(large)).toBe(true);
    expect(await gcloud("cat", `${BUCKET}/source/small.txt`)).toBe("hello\n");
    const url = `${BUCKET}/source/small.txt`;
    expect(readObject(emulator.cloud, url).toString()).toBe("hello\n");
  });

  it("moves a file, whatever the size", async () => {
    const [from, to] = [`${BUCKET}/source/large.bin`, `${BUCKET}/moved.bin`];
    await gcloud("mv", from, to);
    expect(readObject(emulator.cloud, to)).toHaveLength(9_000_000);
    expect(await gcloud("ls", BUCKET)).not.toContain("large.bin");
    await gcloud("mv", to, from);
  });

  it("copies in one call too, as Google's Python client renames", async () => {
    const object = (name: string) =>
      `/b/demo-litellm-staging/o/${encodeURIComponent(name)}`;
    const answer = await callRest(
      emulator,
      "POST",
      `/storage/v1${object("source/small.txt")}/copyTo${object("copy.txt")}`,
    );
    expect(answer.body).toMatchObject({ kind: "storage#object", size: "6" });
    const copy = readObject(emulator.cloud, `${BUCKET}/copy.txt`);
    expect(copy.toString()).toBe("hello\n");
    await gcloud("rm", `${BUCKET}/copy.txt`);
  });

  it("lists by folder", async () => {
    expect(await gcloud("ls", BUCKET)).toBe(`${BUCKET}/source/\n`);
    expect(await gcloud("ls", `${BUCKET}/source/`)).toBe(
      `${BUCKET}/source/large.bin\n${BUCKET}/source/small.txt\n`,
    );
  });
});

describe("a precondition", () => {
  it("of a write that does not hold is 412, and nothing is written", async () => {
    const url = `${BUCKET}/source/small.txt`;
    await writeFile(path.join(directory, "other.txt"), "other\n");
    const { stderr, exitCode } = await emulator.gcloud(
      ["storage", "cp", "other.txt", url, "--if-generation-match=0"],
      { cwd: directory },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain("At least one of the pre-conditions");
    expect(emulator.exchanges.map(({ status }) => status)).toContain(412);
    expect(readObject(emulator.cloud, url).toString()).toBe("hello\n");
  });

  it("of a bucket's change is its metageneration", async () => {
    const url = "/storage/v1/b/demo-litellm-staging";
    const change = (metageneration: string) =>
      callRest(
        emulator,
        "PATCH",
        `${url}?ifMetagenerationMatch=${metageneration}`,
        { labels: { team: "other" } },
      );
    const { body } = await callRest(emulator, "GET", url);
    const { metageneration } = body as { metageneration: string };
    expect((await change("99")).status).toBe(412);
    expect((await change(metageneration)).status).toBe(200);
  });
});

describe("who may read a bucket", () => {
  const object = "/storage/v1/b/demo-litellm-staging/o/source%2Fsmall.txt";
  const read = () =>
    callRest(emulator, "GET", object, undefined, {
      caller: `serviceAccount:${READER}`,
    });

  it("is asked of its policy", async () => {
    expect(await read()).toMatchObject({
      status: 403,
      message: `${READER} does not have storage.objects.get access to the Google Cloud Storage object. Permission 'storage.objects.get' denied on resource (or it may not exist).`,
    });
    await gcloud(
      ...["buckets", "add-iam-policy-binding", BUCKET],
      `--member=serviceAccount:${READER}`,
      "--role=roles/storage.objectViewer",
    );
    expect(await read()).toMatchObject({
      status: 200,
      body: { size: "6", md5Hash: "sZRqySSS0jR8YjW00mERhA==" },
    });
  });

  it("cannot be granted with another service's roles", async () => {
    const { stderr, exitCode } = await emulator.gcloud([
      ...["storage", "buckets", "add-iam-policy-binding", BUCKET],
      `--member=serviceAccount:${READER}`,
      "--role=roles/run.invoker",
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("is not supported for this resource");
  });
});

describe("a bucket that cannot be", () => {
  const create = (body: object, project = "demo-litellm") =>
    callRest(emulator, "POST", `/storage/v1/b?project=${project}`, body);

  it.each([
    ["with a taken name", { name: "demo-litellm-staging" }, 409],
    ["with a bad name", { name: "UPPER" }, 400],
    ["with an unknown field", { name: "other-bucket", colour: "red" }, 400],
    ["with a field that is not covered", { name: "b-b", rpo: "DEFAULT" }, 400],
  ])("%s is refused", async (_what, body, status) => {
    expect((await create(body)).status).toBe(status);
  });

  it("is one of a project without a billing account", async () => {
    const { cloud } = emulator;
    const poor = cloud.createProject("demo-poor", "user:developer@example.com");
    poor.billingEnabled = false;
    expect(await create({ name: "demo-poor" }, "demo-poor")).toMatchObject({
      status: 403,
      message:
        "The billing account for the owning project is disabled in state absent",
    });
  });
});

it("removes a bucket only when it is empty, or with what is in it", async () => {
  const { stderr } = await emulator.gcloud([
    ...["storage", "buckets", "delete", BUCKET],
  ]);
  expect(stderr).toContain("Bucket is not empty");
  await gcloud("rm", "--recursive", BUCKET);
  expect(storageOf(emulator.cloud).buckets.size).toBe(0);
});

itConforms(() => emulator.exchanges);
