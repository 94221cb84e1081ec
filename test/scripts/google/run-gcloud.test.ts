import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEVELOPER } from "../../../emulator/emulator.ts";
import {
  type FakeGcloud,
  listRunning,
  startFakeGcloud,
} from "../../support/fake-gcloud.ts";

let gcloud: FakeGcloud;

beforeAll(async () => {
  gcloud = await startFakeGcloud();
  gcloud.emulator.cloud.createProject("demo-fresh", DEVELOPER);
});

afterAll(() => gcloud.close());

describe("a gcloud that answers no JSON is told without a stack:", () => {
  test.each([
    ["nothing", "true", "printed nothing"],
    ["null", "echo null", "printed null"],
    ["a sentence", "echo Welcome.", "printed something else"],
  ])("%s", async (_, body, words) => {
    const run = await gcloud.deploy(body);
    expect(run.stderr).toContain(
      `error: gcloud config config-helper ended well, but ${words} where JSON was expected`,
    );
    expect(run.stderr).toContain("gcloud config config-helper");
    expect(run.stderr).not.toMatch(/bug|\n +at /);
    expect(run.exitCode).toBe(1);
  });

  test("an object without credentials", async () => {
    const run = await gcloud.deploy("echo '{}'");
    expect(run.stderr).toContain("Log in with: gcloud auth login");
    expect(run.exitCode).toBe(1);
  });

  test("where a service was written", async () => {
    const run = await gcloud.deploy(
      'case "$*" in *"services replace"*) echo null;; *) exec "$REAL" "$@";; esac',
    );
    expect(run.stderr).toContain(
      "gcloud run services replace ended well, but printed null",
    );
    expect(run.stderr).not.toMatch(/bug|\n +at /);
    expect(run.exitCode).toBe(1);
  });
});

test("a change at the same time is told as such, without gcloud's code alone", async () => {
  const run = await gcloud.deploy(
    'case "$*" in *"services enable"*) echo "ERROR: (gcloud.services.enable) ABORTED: Conflict." >&2; exit 1;; *) exec "$REAL" "$@";; esac',
    ["local"],
    { PROJECT_ID: "demo-fresh", GOOGLE_RETRY_SECONDS: "0" },
  );
  expect(run.stderr).toContain("Somebody else changed it at the same time.");
  expect(run.stderr).toContain("Run this again");
  expect(run.exitCode).toBe(1);
});

test("a gcloud that hangs is ended with all that it started, and told with its command", async () => {
  const began = performance.now();
  const run = await gcloud.deploy(
    "trap '' TERM; sleep 300 & echo $$ $! >$HERE/pids; wait; wait",
    ["local"],
    { GCLOUD_TIMEOUT_SECONDS: "1" },
  );
  expect(run.stderr).toContain(
    "error: gcloud config config-helper did not end within 1 s, and was ended",
  );
  expect(run.stderr).toContain("gcloud config config-helper --format=json");
  expect(run.exitCode).toBe(1);
  expect(performance.now() - began).toBeLessThan(15_000);
  const pids = await gcloud.written("pids");
  expect(await listRunning(gcloud.emulator, pids)).toEqual([]);
});

test("no gcloud sees a key that stands in the shell", async () => {
  const key = `sk-${"0123456789abcdef".repeat(4)}`;
  await gcloud.workspace.edit("config/litellm.vertex.yaml", (text) =>
    text.replace(
      "model_list:",
      "model_list:\n  - {model_name: gpt, litellm_params: {model: openai/gpt-5.5}}",
    ),
  );
  const run = await gcloud.deploy(
    'env >>"$HERE/seen"; exec "$REAL" "$@"',
    ["local", "--dry-run"],
    {
      LITELLM_MASTER_KEY: key,
      MY_MASTER_KEY: key,
      GEMINI_API_KEY: key,
      MY_GEMINI_KEY: key,
      // Of a provider of the config.
      OPENAI_API_KEY: key,
    },
  );
  expect(run.exitCode).toBe(0);
  const seen = await gcloud.written("seen");
  expect(seen).toContain("CLOUDSDK_CORE_PROJECT");
  expect(seen).not.toContain(key);
});
