import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type StoredBuild,
  buildingOf,
} from "../../../../emulator/apis/cloud-build/state.ts";
import {
  BUILDER,
  DOCKER,
  LOCATION,
  linesOf,
  makeSource,
  startBuildEmulator,
} from "../../../support/builds.ts";
import { itConforms } from "../../../support/discovery.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const ACCOUNT = `projects/demo-litellm/serviceAccounts/${BUILDER}`;
const REPOSITORY = `${LOCATION}/connections/github/repositories/gateway`;

const BUILD_FILE = `
steps:
- {name: ${DOCKER}, entrypoint: sh, args: [-c, "echo $COMMIT_SHA $SHORT_SHA $BRANCH_NAME $REPO_NAME $_OF; cat README"]}
substitutions: {_OF: "\${TRIGGER_NAME}!"}
options: {logging: CLOUD_LOGGING_ONLY}
`;

let emulator: TestEmulator;
let checkout: string;

beforeAll(async () => {
  emulator = await startBuildEmulator();
  checkout = await makeSource({
    "cloudbuild.yaml": BUILD_FILE,
    "bad.yaml": "stepss: []\n",
    README: "read me\n",
  });
});

afterAll(async () => {
  await emulator.close();
  await rm(checkout, { recursive: true, force: true });
});

const create = (name: string, ...flags: string[]) =>
  emulator.gcloud([
    ...["builds", "triggers", "create", "github", `--name=${name}`],
    ...["--region=us-central1", `--service-account=${ACCOUNT}`, ...flags],
  ]);

const push = async (changes: object = {}) => {
  const body = { directory: checkout, branch: "main", commit: COMMIT };
  const path = "/emulator/cloud-build/push";
  const answer = await callRest(emulator, "POST", path, {
    ...body,
    ...changes,
  });
  const { builds = [] } = answer.body as {
    builds?: { name: string; trigger: string }[];
  };
  return { ...answer, builds };
};

const ended = async (name: string): Promise<StoredBuild> => {
  const build = buildingOf(emulator.cloud).builds.get(name);
  if (build === undefined) throw new Error(`no build ${name}`);
  await build.ended;
  return build;
};

describe("a trigger", () => {
  it("is made by gcloud for a connected repository, of both generations", async () => {
    const second = await create(
      "litellm-main",
      ...[`--repository=${REPOSITORY}`, "--branch-pattern=^main$"],
      "--build-config=cloudbuild.yaml",
    );
    expect(second.exitCode, second.stderr).toBe(0);
    const first = await create(
      "litellm-check",
      ...["--repo-owner=example", "--repo-name=gateway"],
      ...["--pull-request-pattern=^main$", "--build-config=cloudbuild.yaml"],
      "--comment-control=COMMENTS_ENABLED",
    );
    expect(first.exitCode, first.stderr).toBe(0);
    const { stdout } = await emulator.gcloud([
      ...["builds", "triggers", "list", "--region=us-central1"],
      "--format=value(name)",
    ]);
    expect(stdout.trim().split("\n").sort()).toEqual([
      "litellm-check",
      "litellm-main",
    ]);
  });

  it("has a name of its own, and an account that is there", async () => {
    const trigger = {
      name: "litellm-main",
      filename: "cloudbuild.yaml",
      repositoryEventConfig: {
        repository: REPOSITORY,
        push: { branch: "^main$" },
      },
    };
    const path = `/v1/${LOCATION}/triggers`;
    const again = await callRest(emulator, "POST", path, trigger);
    expect(again.code).toBe("ALREADY_EXISTS");
    const orphan = await callRest(emulator, "POST", path, {
      ...trigger,
      name: "orphan",
      serviceAccount:
        "projects/demo-litellm/serviceAccounts/x@y.iam.gserviceaccount.com",
    });
    expect(orphan.code).toBe("NOT_FOUND");
  });
});

describe("a push", () => {
  it("runs the build file of the commit as the trigger's account", async () => {
    const { builds } = await push();
    expect(builds).toMatchObject([{ trigger: "litellm-main" }]);
    const build = await ended(builds[0]?.name ?? "");
    expect(build.status).toBe("SUCCESS");
    expect(build.account).toBe(BUILDER);
    expect(linesOf(emulator, build)).toEqual(
      expect.arrayContaining([
        `Step #0: ${COMMIT} 0123456 main gateway litellm-main!`,
        "Step #0: read me",
      ]),
    );
  });

  it("to another branch sets nothing off", async () => {
    expect((await push({ branch: "topic" })).builds).toEqual([]);
  });

  it("of a pull request sets off its own trigger", async () => {
    const { builds } = await push({ pullRequest: true });
    expect(builds).toMatchObject([{ trigger: "litellm-check" }]);
    await ended(builds[0]?.name ?? "");
  });

  it.each([
    ["of no directory", { directory: "/nowhere" }, /there is no \/nowhere/],
    ["of no commit", { commit: "main" }, /40 hexadecimal digits/],
    ["with an unknown field", { force: true }, /Unknown name "force"/],
  ])("%s is refused", async (_what, changes, expected) => {
    const { status, message } = await push(changes);
    expect(status).toBe(400);
    expect(message).toMatch(expected);
  });

  it("with a build file that Cloud Build would not read is refused", async () => {
    const made = await create(
      "bad",
      ...[`--repository=${REPOSITORY}`, "--branch-pattern=^bad$"],
      "--build-config=bad.yaml",
    );
    expect(made.exitCode, made.stderr).toBe(0);
    expect((await push({ branch: "bad" })).message).toContain(
      'Unknown name "stepss"',
    );
  });
});

it("deletes a trigger", async () => {
  const { exitCode, stderr } = await emulator.gcloud([
    ...["builds", "triggers", "delete", "bad", "--region=us-central1"],
    "--quiet",
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(buildingOf(emulator.cloud).triggers.size).toBe(2);
});

itConforms(() => emulator.exchanges);
