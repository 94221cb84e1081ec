import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const SECRETS = "/v1/projects/demo-litellm/secrets";

const DAY = 86_400_000;

let emulator: TestEmulator;
let longestDestroyDelay = Infinity;
beforeAll(async () => {
  emulator = await startTestEmulator({
    longestDestroyDelay: () => longestDestroyDelay,
  });
  emulator.cloud
    .project("demo-litellm")
    .enabledApis.add("secretmanager.googleapis.com");
});
afterAll(() => emulator.close());

const gcloud = (args: string[], input = "") =>
  emulator.gcloud(["secrets", ...args], { input });

const change = (version: string, verb: string) =>
  callRest(emulator, "POST", `${SECRETS}/${version}:${verb}`, {});

async function read(path: string): Promise<Record<string, unknown>> {
  const { body } = await callRest(emulator, "GET", `${SECRETS}/${path}`);
  return body as Record<string, unknown>;
}

async function makeSecret(id: string, ttl = "86400s"): Promise<string> {
  const { stderr, exitCode } = await gcloud(
    ["create", id, `--version-destroy-ttl=${ttl}`, "--data-file=-"],
    "payload",
  );
  expect(exitCode, stderr).toBe(0);
  return `${id}/versions/1`;
}

describe("a secret with a delay of destruction", () => {
  it("is made, changed and freed of it by gcloud", async () => {
    await makeSecret("delayed");
    const ttl = async () => (await read("delayed")).versionDestroyTtl;
    expect(await ttl()).toBe("86400s");
    await gcloud(["update", "delayed", "--version-destroy-ttl=172800s"]);
    expect(await ttl()).toBe("172800s");
    await gcloud(["update", "delayed", "--update-labels=team=a"]);
    expect(await ttl()).toBe("172800s");
    await gcloud(["update", "delayed", "--remove-version-destroy-ttl"]);
    expect(await ttl()).toBeUndefined();
  });

  it("disables a version that is destroyed, and says until when it is kept", async () => {
    const version = await makeSecret("kept");
    const before = Date.now();
    const destroyed = await gcloud([
      ...["versions", "destroy", "1", "--secret=kept", "--quiet"],
    ]);
    expect(destroyed.stderr).toMatch(/scheduled/i);
    const { state, scheduledDestroyTime, destroyTime } = await read(version);
    expect([state, destroyTime]).toEqual(["DISABLED", undefined]);
    const due = Date.parse(String(scheduledDestroyTime));
    expect(due).toBeGreaterThanOrEqual(before + DAY);
    expect(due).toBeLessThanOrEqual(Date.now() + DAY);
    const { status } = await callRest(
      emulator,
      "GET",
      `${SECRETS}/${version}:access`,
    );
    expect(status).toBe(400);
  });

  it.each([
    ["enable", "ENABLED"],
    ["disable", "DISABLED"],
  ])("cancels the destruction with %s", async (verb, state) => {
    const version = await makeSecret(`cancelled-by-${verb}`);
    await change(version, "destroy");
    await change(version, verb);
    const after = await read(version);
    expect(after).toMatchObject({ state });
    expect(after).not.toHaveProperty("scheduledDestroyTime");
    expect(after).not.toHaveProperty("destroyTime");
  });

  it("keeps the time of the first request, whatever becomes of the delay", async () => {
    const version = await makeSecret("twice");
    await change(version, "destroy");
    const first = await read(version);
    await gcloud(["update", "twice", "--version-destroy-ttl=172800s"]);
    await change(version, "destroy");
    const { scheduledDestroyTime } = await read(version);
    expect(scheduledDestroyTime).toBe(first.scheduledDestroyTime);
  });

  it("has the version destroyed for good after the time", async () => {
    const version = await makeSecret("gone");
    longestDestroyDelay = 0;
    await change(version, "destroy");
    longestDestroyDelay = Infinity;
    const after = await read(version);
    expect(after).toMatchObject({ state: "DESTROYED" });
    expect(after).toHaveProperty("destroyTime");
    expect(after).not.toHaveProperty("scheduledDestroyTime");
    expect((await change(version, "enable")).status).toBe(400);
    const [stored] =
      emulator.cloud.project("demo-litellm").secrets.get("gone")?.versions ??
      [];
    expect(stored?.payload).toBeUndefined();
  });

  it.each(["tomorrow", "0s", "-1s"])("refuses %s", async (ttl) => {
    const { status } = await callRest(
      emulator,
      "POST",
      `${SECRETS}?secretId=refused`,
      { replication: { automatic: {} }, versionDestroyTtl: ttl },
    );
    expect(status).toBe(400);
  });
});

it("a secret without one destroys at once", async () => {
  await gcloud(["create", "plain", "--data-file=-"], "payload");
  await change("plain/versions/1", "destroy");
  expect(await read("plain/versions/1")).toMatchObject({ state: "DESTROYED" });
});

itConforms(() => emulator.exchanges);
