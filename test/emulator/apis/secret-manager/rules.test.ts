import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const SECRETS = "/v1/projects/demo-litellm/secrets";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
  emulator.cloud
    .project("demo-litellm")
    .enabledApis.add("secretmanager.googleapis.com");
  await create("s", {});
  await callRest(emulator, "POST", `${SECRETS}/s:addVersion`, {
    payload: { data: "eA==" },
  });
});
afterAll(() => emulator.close());

function create(id: string, secret: object) {
  return callRest(emulator, "POST", `${SECRETS}?secretId=${id}`, {
    replication: { automatic: {} },
    ...secret,
  });
}

function patch(mask: string, secret: object) {
  return callRest(emulator, "PATCH", `${SECRETS}/s?updateMask=${mask}`, secret);
}

function aliases(names: string[], version = "1") {
  const versionAliases = Object.fromEntries(names.map((n) => [n, version]));
  return patch("versionAliases", { versionAliases });
}

describe("a secret is refused", () => {
  it.each([
    ["an id with a dot", "a.b", {}, /does not match the expected format/],
    ["no replication", "new", { replication: {} }, /replication/],
    [
      "both replications",
      "new",
      { replication: { automatic: {}, userManaged: { replicas: [] } } },
      /replication/,
    ],
    [
      "an unknown location",
      "new",
      { replication: { userManaged: { replicas: [{ location: "mars" }] } } },
      /location \[mars\]/,
    ],
    [
      "a label in capitals",
      "new",
      { labels: { Team: "a" } },
      /label key \[Team\]/,
    ],
    [
      "a label value with a dot",
      "new",
      { labels: { a: "1.0" } },
      /label value \[1\.0\]/,
    ],
    [
      "an annotation key with a space",
      "new",
      { annotations: { "a b": "" } },
      /annotation key/,
    ],
    [
      "an alias before any version",
      "new",
      { versionAliases: { a: "1" } },
      /does not exist/,
    ],
  ])("for %s", async (_what, id, secret, message) => {
    const answer = await create(id, secret);
    expect(answer).toMatchObject({ status: 400, code: "INVALID_ARGUMENT" });
    expect(answer.message).toMatch(message);
    expect(emulator.cloud.project("demo-litellm").secrets.has("new")).toBe(
      false,
    );
  });

  it.each([
    [
      { lables: {} },
      "Invalid JSON payload received. Unknown name \"lables\" at 'secret': Cannot find field.",
    ],
    [
      { labels: { a: 1 } },
      "Invalid value at 'secret.labels[a]' (TYPE_STRING), 1",
    ],
    [{ labels: [] }, "Invalid value at 'secret.labels' (TYPE_MESSAGE), []"],
    [
      { ttl: "60s" },
      "The emulated Google Cloud does not cover the field secret.ttl.",
    ],
  ])("for the field in %j", async (secret, message) => {
    expect(await create("new", secret)).toMatchObject({ status: 400, message });
  });

  it("for a query parameter that Google does not have", async () => {
    const { status, message } = await callRest(
      emulator,
      "POST",
      `${SECRETS}?secretID=new`,
      { replication: { automatic: {} } },
    );
    expect(status).toBe(400);
    expect(message).toContain(
      'Unknown name "secretID": Cannot bind query parameter.',
    );
  });
});

describe("a version alias", () => {
  it("may be one of fifty", async () => {
    const names = Array.from({ length: 51 }, (_unused, n) => `alias-${n}`);
    expect((await aliases(names.slice(0, 50))).status).toBe(200);
    expect((await aliases(names)).message).toBe(
      "A secret can have at most 50 version aliases.",
    );
  });

  it.each(["latest", "NEW", "1st", "a.b", "x".repeat(64)])(
    "is not called %s",
    async (name) => {
      expect((await aliases([name])).status).toBe(400);
    },
  );

  it("names a version that exists", async () => {
    expect(await aliases(["next"], "2")).toMatchObject({
      status: 400,
      message:
        "The version alias [next] refers to version [2], which does not exist.",
    });
  });

  it("reads a version, but does not change one", async () => {
    await aliases(["current"]);
    const get = await callRest(
      emulator,
      "GET",
      `${SECRETS}/s/versions/current`,
    );
    expect(get.body).toMatchObject({
      name: expect.stringMatching(/\/versions\/1$/) as string,
    });
    for (const name of ["current", "latest"]) {
      const { code } = await callRest(
        emulator,
        "POST",
        `${SECRETS}/s/versions/${name}:destroy`,
      );
      expect(code).toBe("INVALID_ARGUMENT");
    }
  });
});

describe("an update mask", () => {
  it.each([
    ["", /Update mask is required/],
    ["replication", /field \[replication\] cannot be updated/],
    ["colour", /field \[colour\] does not exist/],
  ])("%j is refused", async (mask, message) => {
    const answer = await patch(mask, { labels: { a: "b" } });
    expect(answer.status).toBe(400);
    expect(answer.message).toMatch(message);
  });

  it("changes nothing when one of its fields is refused", async () => {
    await patch("labels", { labels: { kept: "yes" } });
    await patch("labels,versionAliases", {
      labels: {},
      versionAliases: { gone: "7" },
    });
    const { body } = await callRest(emulator, "GET", `${SECRETS}/s`);
    expect(body).toMatchObject({ labels: { kept: "yes" } });
  });
});

describe("a page token", () => {
  it("that Google did not give is refused", async () => {
    const { status } = await callRest(
      emulator,
      "GET",
      `${SECRETS}?pageToken=made-up`,
    );
    expect(status).toBe(400);
  });
});
