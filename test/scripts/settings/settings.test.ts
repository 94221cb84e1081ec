import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import {
  type Settings,
  makeSettings,
} from "../../../scripts/lib/settings/settings.ts";

function make(values: Record<string, string>): Settings {
  const all = { PROJECT_ID: "my-project", REGION: "us-central1", ...values };
  let line = 0;
  return makeSettings(
    "dev",
    new Map(
      Object.entries(all).map(([name, value]) => [
        name,
        { value, from: `envs/dev.env:${String(++line)}` },
      ]),
    ),
  );
}

describe("settings", () => {
  test("have defaults sized from measurements", () => {
    expect(make({})).toMatchObject({
      mode: "vertex",
      modelRegion: "global",
      service: "litellm-proxy",
      serviceAccount: "litellmsa@my-project.iam.gserviceaccount.com",
      config: "config/litellm.vertex.yaml",
      cpu: "1",
      memory: "1Gi",
      concurrency: "40",
      secretLocations: [],
    });
  });

  test("take the config of their mode unless CONFIG names one", () => {
    expect(make({ MODE: "apikey" }).config).toBe("config/litellm.apikey.yaml");
    expect(make({ CONFIG: "my.yaml" }).config).toBe("my.yaml");
  });

  test("know the account's domain in a project of an organisation's domain", () => {
    expect(make({ PROJECT_ID: "example.com:gateway" }).serviceAccount).toBe(
      "litellmsa@gateway.example.com.iam.gserviceaccount.com",
    );
  });

  test.each([
    "docker.io/litellm/litellm:v1.108.14",
    "docker.io/litellm/litellm:v1.82.70",
    "docker.io/litellm/litellm:main-v1.108.14-stable",
    `docker.io/litellm/litellm:main-stable@sha256:${"a".repeat(64)}`,
    `gcr.io/p/litellm@sha256:${"a".repeat(64)}`,
    "eu.gcr.io/p/litellm:v1",
    "europe-west1-docker.pkg.dev/p/ghcr/berriai/litellm:v1.108.14",
  ])("take the image %s", (IMAGE) => {
    expect(make({ IMAGE }).image).toBe(IMAGE);
  });

  test("suggest the name that was meant", () => {
    expect(() => make({ MEMROY: "2Gi" })).toThrow(
      "envs/dev.env:3: MEMROY: did you mean MEMORY?",
    );
  });

  test("hold no secrets", () => {
    expect(() => make({ OPENAI_API_KEY: "x" })).toThrow(
      "envs/dev.env:3: OPENAI_API_KEY: env files hold no secrets",
    );
  });

  test("tell everything that is wrong at once, with its place", () => {
    expect(() =>
      make({ CPU: "3", CONCURRENCY: "2000", MIN_INSTANCES: "11" }),
    ).toThrow(
      [
        'the settings of env "dev" are not valid:',
        '  envs/dev.env:3: CPU="3": expected 1 or 2 or 4 or 6 or 8',
        "  envs/dev.env:4: CONCURRENCY=2000: expected 1 to 1000",
        "  envs/dev.env:5: MIN_INSTANCES=11: expected at most MAX_INSTANCES=10",
      ].join("\n"),
    );
  });

  test.each([
    [{ MEMORY: "256Mi" }, "at least 512Mi with CPU=1"],
    [{ MEMORY: "8Gi" }, "at most 4096Mi with CPU=1"],
    [{ MEMORY: "1Gi", CPU: "4" }, "at least 2048Mi with CPU=4"],
    [{ MEMORY: "1GB" }, 'MEMORY="1GB": expected an amount such as 1Gi'],
    [{ WARM: "yes" }, 'WARM="yes": expected true or false'],
    [
      { WARM: "true", IMAGE: "us-docker.pkg.dev/p/r/litellm:v1" },
      "expected an IMAGE outside of Artifact Registry",
    ],
    [{ IMAGE: "litellm" }, "a full image name with a tag or digest"],
    [
      { IMAGE: "docker.io/litellm/litellm" },
      "a full image name with a tag or digest",
    ],
    [
      { IMAGE: "ghcr.io/berriai/litellm:v1.108.14" },
      "Cloud Run does not pull from ghcr.io: use docker.io/litellm/litellm:v1.108.14, or make an Artifact Registry remote repository",
    ],
    [{ IMAGE: "quay.io/x/litellm:v1" }, "does not pull from quay.io"],
    [{ IMAGE: "localhost:5000/litellm:v1" }, "does not pull from localhost"],
    ...["latest", "main-stable", "main-latest", "lts", "stable"].map(
      (tag): [Record<string, string>, string] => [
        { IMAGE: `docker.io/litellm/litellm:${tag}` },
        `the tag ${tag} moves`,
      ],
    ),
    ...["v1.82.7", "1.82.8", "main-v1.82.7-stable"].map(
      (tag): [Record<string, string>, string] => [
        { IMAGE: `us-docker.pkg.dev/p/r/litellm:${tag}` },
        "was stolen and takes credentials (GHSA-92x9-889m-jgmw)",
      ],
    ),
    [{ SERVICE: "x".repeat(31) }, "1 to 30 lower-case letters"],
    [{ TIMEOUT: "3601" }, "TIMEOUT=3601: expected 1 to 3600"],
    [{ MODE: "openai" }, 'MODE="openai": expected vertex or apikey'],
    [{ DELIVERY: "no" }, 'DELIVERY="no": expected pipeline or direct'],
  ])("refuse %j", (values, message) => {
    expect(() => make(values)).toThrow(message);
  });

  test("need a project and a region", () => {
    expect(() => makeSettings("dev", new Map())).toThrow(
      /PROJECT_ID is not set.*\n.*REGION is not set/,
    );
  });
});

// The scripts do not look: it would cost each of their runs some time.
test.each(["env", "litellm", "litellm.names"])(
  "config/%s.schema.json is a JSON schema",
  (name) => {
    const file = `config/${name}.schema.json`;
    const schema = JSON.parse(readFileSync(file, "utf8")) as object;
    const ajv = new Ajv({ strict: false, logger: false });
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  },
);
