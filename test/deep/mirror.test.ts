import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type RegistryImage,
  readImage,
} from "../../scripts/lib/release/image.ts";
import { placeOf } from "../../scripts/lib/pipeline/place.ts";
import { formatCommand } from "../../scripts/lib/google/gcloud.ts";
import { planImage } from "../../scripts/lib/release/plan-image.ts";
import type { Settings } from "../../scripts/lib/settings/settings.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { callRest } from "../support/rest.ts";
import { settingsWith } from "../support/states.ts";

const settings = settingsWith({ PROJECT_ID: "demo-litellm" });
const place = placeOf(settings, "litellm");
const account = "litellm-build@demo-litellm.iam.gserviceaccount.com";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  const apis = ["artifactregistry", "cloudbuild", "iam", "logging"];
  const names = apis.map((api) => `${api}.googleapis.com`);
  const repository = [place.repository, `--location=${place.region}`];
  const member = `--member=serviceAccount:${account}`;
  for (const args of [
    ["services", "enable", ...names],
    ["iam", "service-accounts", "create", "litellm-build"],
    [
      ...["artifacts", "repositories", "create", ...repository],
      "--repository-format=docker",
    ],
    [
      ...["artifacts", "repositories", "add-iam-policy-binding"],
      ...[...repository, member, "--role=roles/artifactregistry.writer"],
    ],
    [
      ...["projects", "add-iam-policy-binding", place.projectId, member],
      ...["--role=roles/logging.logWriter", "--condition=None"],
    ],
  ]) {
    const { exitCode, stderr } = await emulator.gcloud(args);
    if (exitCode !== 0) throw new Error(stderr);
  }
});
afterAll(() => emulator.close());

function look(wanted: Settings): Promise<RegistryImage> {
  const read = async ({ path }: { path: string }): Promise<unknown> => {
    const { status, body } = await callRest(emulator, "GET", `/${path}`);
    return status === 404 ? undefined : body;
  };
  return readImage(read, wanted, place);
}

/** Runs what brings an image; what gcloud wrote to standard error where that failed. */
async function bring(wanted: Settings): Promise<string | undefined> {
  const steps = planImage(wanted, place, await look(wanted));
  for (const { run } of steps) {
    let failure: string | undefined;
    await run({
      gcloud: async (command) => {
        const { exitCode, stdout, stderr } = await emulator.gcloud(
          command.args,
        );
        if (exitCode !== 0) failure = `${formatCommand(command)}\n${stderr}`;
        return stdout;
      },
    });
    if (failure !== undefined) return failure;
  }
  return undefined;
}

describe("the mirror of LiteLLM's image", () => {
  test("is made by a build, once", async () => {
    expect((await look(settings)).pinned).toBeUndefined();
    expect(await bring(settings)).toBeUndefined();
    const made = await look(settings);
    expect(made.pinned).toMatch(/\/litellm\/litellm@sha256:[0-9a-f]{64}$/);
    expect(planImage(settings, place, made)).toEqual([]);
  });

  test("has one more layer with WARM=true", async () => {
    const warm = { ...settings, warm: true };
    expect(await bring(warm)).toBeUndefined();
    const { pinned } = await look(warm);
    expect(pinned).toMatch(/@sha256:/);
    expect(pinned).not.toBe((await look(settings)).pinned);
  });

  test("is made of older images, which LiteLLM signed with a key", async () => {
    const image = "docker.io/litellm/litellm:v1.104.7";
    expect(await bring({ ...settings, image })).toBeUndefined();
    expect((await look({ ...settings, image })).pinned).toBeDefined();
  });

  test("is not made of an image without a signature", async () => {
    const image = "docker.io/litellm/litellm:v1.60.0";
    expect(await bring({ ...settings, image })).toContain(
      'completed with status "FAILURE"',
    );
    expect((await look({ ...settings, image })).pinned).toBeUndefined();
  });
});

itConforms(() => emulator.exchanges);
