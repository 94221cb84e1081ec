import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { registryOf } from "../../../../emulator/apis/artifact-registry/state.ts";
import { buildingOf } from "../../../../emulator/apis/cloud-build/state.ts";
import { createServiceAccount } from "../../../../emulator/apis/iam/service-account.ts";
import {
  BUILDER,
  CRANE,
  DOCKER,
  IMAGES,
  LOCATION,
  buildOf,
  linesOf,
  makeSource,
  newBuild,
  run,
  startBuildEmulator,
  submit,
} from "../../../support/builds.ts";
import { itConforms } from "../../../support/discovery.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const BUILD_FILE = `
substitutions: {_WHAT: check}
steps:
- {id: build, name: ${DOCKER}, args: [build, -t, "$LOCATION-docker.pkg.dev/$PROJECT_ID/litellm/tools:$BUILD_ID", .]}
- id: check
  name: $LOCATION-docker.pkg.dev/$PROJECT_ID/litellm/tools:$BUILD_ID
  dir: /app
  entrypoint: node
  args: ["$_WHAT.mjs"]
  env: ["GREETING=hello $$\{x}"]
images: ["$LOCATION-docker.pkg.dev/$PROJECT_ID/litellm/tools:$BUILD_ID"]
serviceAccount: projects/$PROJECT_ID/serviceAccounts/${BUILDER}
options: {logging: CLOUD_LOGGING_ONLY}
`;

const CHECK = `
import { execFileSync } from "node:child_process";
console.log(process.env.GREETING, process.cwd(), process.env.MY_SECRET ?? "clean");
console.log(execFileSync("gcloud", ["auth", "print-identity-token", "--quiet"], { encoding: "utf8" }).split(".").length);
console.log(execFileSync("gcloud", ["config", "get", "account", "--quiet"], { encoding: "utf8" }));
`;

let emulator: TestEmulator;
let source: string;

beforeAll(async () => {
  vi.stubEnv("MY_SECRET", "the developer's own");
  emulator = await startBuildEmulator();
  source = await makeSource({
    Dockerfile: "FROM debian AS base\nFROM base\nWORKDIR /app\nCOPY . .\n",
    "cloudbuild.yaml": BUILD_FILE,
    "check.mjs": CHECK,
    "fail.mjs": "process.exitCode = 3;",
  });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await emulator.close();
  await rm(source, { recursive: true, force: true });
});

const submitSource = (...args: string[]) =>
  emulator.gcloud([
    ...["builds", "submit", source, `--config=${source}/cloudbuild.yaml`],
    ...["--region=us-central1", ...args],
  ]);

describe("gcloud builds submit", () => {
  it("builds a source, runs it as the build's account and pushes it", async () => {
    const { exitCode, stderr } = await submitSource();
    expect(exitCode, stderr).toBe(0);
    const [build] = [...buildingOf(emulator.cloud).builds.values()];
    if (build === undefined) throw new Error("no build");
    const lines = linesOf(emulator, build);
    expect(lines).toEqual(
      expect.arrayContaining([
        'Step #1 - "check": hello ${x} /app clean',
        'Step #1 - "check": 3',
        `Step #1 - "check": ${BUILDER}`,
      ]),
    );
    const stand = lines.filter((line) => line.includes("The emulator"));
    expect(stand).toHaveLength(2);
    const { images = [] } =
      registryOf(emulator.cloud).repositories.get(
        `${LOCATION}/repositories/litellm`,
      ) ?? {};
    expect(images).toMatchObject([
      { package: "tools", tags: new Set([build.id]) },
    ]);
  });

  it("can be read in Cloud Logging", async () => {
    const { stdout } = await emulator.gcloud([
      ...["logging", "read", 'resource.type="build" AND textPayload:"/app"'],
      "--format=value(textPayload)",
    ]);
    expect(stdout).toBe('Step #1 - "check": hello ${x} /app clean\n');
  });

  it("fails with a step", async () => {
    const { exitCode, stderr } = await submitSource(
      "--substitutions=_WHAT=fail",
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /BUILD FAILURE: Build step failure: build step 1 ".*" failed: step exited with non-zero status: 3/,
    );
  });

  it("is refused where the account may not read the source", async () => {
    const project = emulator.cloud.project("demo-litellm");
    const email = "poor@demo-litellm.iam.gserviceaccount.com";
    createServiceAccount(project, email, {});
    const { exitCode, stderr } = await submitSource(
      `--service-account=projects/demo-litellm/serviceAccounts/${email}`,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `could not resolve source: googleapi: Error 403: ${email} does not have storage.objects.get access`,
    );
  });
});

describe("a build", () => {
  const shell = (script: string, more: object = {}) => ({
    name: DOCKER,
    entrypoint: "sh",
    args: ["-c", script],
    ...more,
  });

  it("shares its workspace between steps and runs them as they wait for each other", async () => {
    const { build, lines } = await run(
      emulator,
      newBuild([
        shell("sleep 0.4; echo slow > /workspace/order", { id: "slow" }),
        shell("echo early >> early", { id: "early", waitFor: ["-"] }),
        shell("cat order ../workspace/early", { waitFor: ["slow", "early"] }),
      ]),
    );
    expect(build.status).toBe("SUCCESS");
    expect(lines.filter((line) => line.startsWith("Step #2: "))).toEqual([
      "Step #2: slow",
      "Step #2: early",
    ]);
    const finished = lines.filter((line) => line.startsWith("Finished"));
    expect(finished[0]).toBe('Finished Step #1 - "early"');
  });

  it("runs a script without substitutions of its own", async () => {
    const { lines } = await run(
      emulator,
      newBuild(
        [
          {
            name: DOCKER,
            script: 'echo "$_NAME and $PROJECT_ID"',
            automapSubstitutions: true,
          },
        ],
        {
          substitutions: { _NAME: "gateway" },
          options: {
            logging: "CLOUD_LOGGING_ONLY",
            substitutionOption: "ALLOW_LOOSE",
          },
        },
      ),
    );
    expect(lines).toContain("Step #0: gateway and demo-litellm");
  });

  it("ends with its timeout, and so do its processes", async () => {
    const { build, lines } = await run(
      emulator,
      newBuild([shell("echo $$$$; exec sleep 60")], { timeout: "1s" }),
    );
    expect(build.status).toBe("TIMEOUT");
    const pid = Number(/^Step #0: (\d+)$/m.exec(lines.join("\n"))?.[1]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("can be cancelled", async () => {
    const sent = newBuild([shell("echo begun; exec sleep 60")]);
    const build = buildOf(emulator, await submit(emulator, sent));
    await vi.waitFor(() => {
      expect(linesOf(emulator, build)).toContain("Step #0: begun");
    });
    const { exitCode, stderr } = await emulator.gcloud([
      ...["builds", "cancel", build.id, "--region=us-central1"],
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(build.status).toBe("CANCELLED");
  });

  it("goes on after a failure that it allows", async () => {
    const { build } = await run(
      emulator,
      newBuild([shell("exit 4", { allowExitCodes: [4] }), shell("exit 0")]),
    );
    expect(build.status).toBe("SUCCESS");
    expect(build.steps.map((step) => step.status)).toEqual([
      "FAILURE",
      "SUCCESS",
    ]);
  });

  it("writes no logs where its account may not, and says so", async () => {
    const project = emulator.cloud.project("demo-litellm");
    const email = "mute@demo-litellm.iam.gserviceaccount.com";
    createServiceAccount(project, email, {});
    const serviceAccount = `projects/demo-litellm/serviceAccounts/${email}`;
    const { build, lines } = await run(
      emulator,
      newBuild([shell("echo hello")], { serviceAccount }),
    );
    expect(lines).toEqual([]);
    expect(build.warnings[0]?.text).toContain("roles/logging.logWriter");
  });

  it.each([
    [
      "an image that is not covered",
      { name: "node:24", args: ["-v"] },
      /does not run the image node:24: it stands in for/,
    ],
    [
      "a tool of another image",
      { name: CRANE, entrypoint: "sh", args: ["-c", "docker ps"] },
      /docker: not found/,
    ],
    [
      "a docker command that is not covered",
      { name: DOCKER, args: ["ps"] },
      /does not cover docker ps/,
    ],
    [
      "an image of nobody",
      { name: `${IMAGES}/nothing:v1` },
      /manifest unknown/,
    ],
  ])("fails with %s", async (_what, step, expected) => {
    const { build, lines } = await run(emulator, newBuild([step]));
    expect(build.status).toBe("FAILURE");
    expect(lines.join("\n")).toMatch(expected);
  });
});

it("has an operation that ends with the build", async () => {
  const script = ["-c", "exit 1"];
  const step = { name: DOCKER, entrypoint: "sh", args: script };
  const answer = await submit(emulator, newBuild([step]));
  await buildOf(emulator, answer).ended;
  const { name } = answer.body as { name: string };
  const { body } = await callRest(emulator, "GET", `/v1/${name}`);
  expect(body).toMatchObject({ done: true, error: { code: 9 } });
});

it("has its options by their numbers, as Google's REST clients send them", async () => {
  const options = {
    logging: 5,
    machineType: 7,
    requestedVerifyOption: 0,
    logStreamingOption: 2,
    substitutionOption: 1,
    defaultLogsBucketBehavior: 2,
  };
  const step = { name: DOCKER, entrypoint: "true" };
  const build = buildOf(
    emulator,
    await submit(emulator, newBuild([step], { options })),
  );
  await build.ended;
  const { body } = await callRest(
    emulator,
    "GET",
    `/v1/${LOCATION}/builds/${build.id}`,
  );
  expect(body).toMatchObject({
    options: {
      logging: "CLOUD_LOGGING_ONLY",
      logStreamingOption: "STREAM_OFF",
    },
  });
});

it("lists builds, newest first", async () => {
  const { body } = await callRest(emulator, "GET", `/v1/${LOCATION}/builds`);
  const { builds } = body as { builds: { createTime: string }[] };
  const times = builds.map((build) => build.createTime);
  expect(times.length).toBeGreaterThan(5);
  expect(times).toEqual(times.toSorted().reverse());
});

itConforms(() => emulator.exchanges);
