import { registryOf } from "../../emulator/apis/artifact-registry/state.ts";
import { buildingOf } from "../../emulator/apis/cloud-build/state.ts";
import { deliveryOf } from "../../emulator/apis/cloud-deploy/state.ts";
import { runOf } from "../../emulator/apis/run/state.ts";
import { storageOf } from "../../emulator/apis/storage/state.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finished } from "../support/emulator.ts";
import { NOTHING, isWrite, takeInventory } from "../support/inventory.ts";
import { type Loaded, loadRecording } from "../upgrade/replay.ts";
import { REPOSITORY } from "../upgrade/stories.ts";

const FIRST = "r-111111111111";
const SECOND = "r-222222222222";
const NEW = "r-333333333333";

/** A commit whose release is called so. */
const COMMITS = { [SECOND]: "2".repeat(40), [NEW]: "3".repeat(40) };

let loaded: Loaded;

/** The recorded state; from then on automations wait a tenth of a second. */
async function load(): Promise<void> {
  let wait = Infinity;
  loaded = await loadRecording("0.1.0/pipeline", { longestWait: () => wait });
  wait = 100;
}

async function close(): Promise<void> {
  await loaded.close();
}

/** A run that must succeed; `commit`: of the release that it is about. */
async function run(
  script: string,
  args: readonly string[] = [],
  commit: keyof typeof COMMITS = NEW,
): Promise<Finished> {
  const { workspace, recording } = loaded;
  const TOOLS_IMAGE = recording.about.tools;
  const env = { COMMIT_SHA: COMMITS[commit], TOOLS_IMAGE };
  const finished = await workspace.script(script, args, { env });
  const { exitCode, stderr } = finished;
  expect(`${String(exitCode)} ${stderr}`).toMatch(/^0 /);
  return finished;
}

async function json(
  script: string,
  ...args: string[]
): Promise<Record<string, unknown>> {
  const { stdout } = await run(script, [...args, "--json"]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** `PERCENT RELEASE`, of what a service's traffic goes to. */
function serving(project: string, region: string, name: string): string[] {
  const { cloud } = loaded.emulator;
  const service = runOf(cloud.project(project)).services.get(
    `${region}/${name}`,
  );
  return (service?.serving ?? [])
    .filter(({ percent = 0 }) => percent > 0)
    .map(({ revisionName, percent = 0 }) => {
      const revision = service?.revisions.get(revisionName);
      const release = revision?.template.metadata.labels["release-id"];
      return `${String(percent)} ${release ?? ""}`;
    })
    .sort();
}

const inDev = () => serving("demo-litellm", "us-central1", "litellm-proxy");
const inProd = (region: string) =>
  serving("demo-prod", region, "litellm-proxy-prod");

describe("the pipeline of 0.1.0, with a release in its canary,", () => {
  beforeAll(load);
  afterAll(close);

  test("is loaded as it was", () => {
    expect(inDev()).toEqual([`100 ${SECOND}`]);
    expect(inProd("us-central1")).toEqual([`10 ${SECOND}`, `90 ${FIRST}`]);
    expect(inProd("europe-west1")).toEqual([]);
  });

  test("is not what a release of this version goes through: it says so, and changes nothing", async () => {
    const before = loaded.emulator.exchanges.length;
    const { workspace, recording } = loaded;
    const env = {
      COMMIT_SHA: COMMITS[NEW],
      TOOLS_IMAGE: recording.about.tools,
    };
    const { exitCode, stderr } = await workspace.script("release.ts", [], {
      env,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'serialPipeline.stages[0].strategy.standard: {"verify":true} → (not set)',
    );
    expect(stderr).toContain("npx tsx scripts/setup.ts");
    expect(loaded.emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("needs profiles in its stages, and narrower roles", async () => {
    const { stdout } = await run("setup.ts", [REPOSITORY, "--dry-run"]);
    const titles = stdout.split("\n").filter((line) => line.startsWith("# "));
    const [applied = "", ...others] = titles.toReversed();
    expect(applied).toMatch(
      /^# Apply to Cloud Deploy: pipeline litellm \(serialPipeline.*target dev \(.*deployParameters.*automation advance-first/,
    );
    const deployer = others.filter((title) => title.includes("-deployer@"));
    expect(deployer.map((t) => t.replace(/ (to|from) litellm-.*/, ""))).toEqual(
      expect.arrayContaining([
        "# Take roles/clouddeploy.operator on project demo-litellm",
        "# Take roles/cloudbuild.builds.editor on project demo-litellm",
        "# Take roles/run.admin on project demo-prod",
        "# Grant roles/clouddeploy.releaser on project demo-litellm",
      ]),
    );
  });

  test("goes on with its canary, which is followed to its end", async () => {
    const { exitCode } = await loaded.emulator.gcloud([
      ...["deploy", "rollouts", "advance", `${SECOND}-to-prod-us-0001`],
      ...[`--release=${SECOND}`, "--delivery-pipeline=litellm"],
      ...["--phase-id=canary-50", "--region=us-central1", "--quiet"],
    ]);
    expect(exitCode).toBe(0);
    expect(await json("promote.ts", "prod-us", "--yes")).toMatchObject({
      target: "prod-us",
      to: { release: SECOND },
      rollout: `${SECOND}-to-prod-us-0001`,
    });
    expect(inProd("us-central1")).toEqual([`100 ${SECOND}`]);
  });

  test("is set up for this version while its releases serve on", async () => {
    await run("setup.ts", [REPOSITORY, "--yes"]);
    expect(inDev()).toEqual([`100 ${SECOND}`]);
    expect(inProd("us-central1")).toEqual([`100 ${SECOND}`]);
    const { stdout } = await run("setup.ts", [REPOSITORY, "--dry-run"]);
    expect(stdout).toBe("# nothing to do\n");
  });

  test("makes another release of the same commit, whose manifest has the paths that it sets", async () => {
    const { stdout } = await run("release.ts", ["--json"], SECOND);
    expect(JSON.parse(stdout)).toMatchObject({ release: `${SECOND}-2` });
    const before = loaded.emulator.exchanges.length;
    const again = await run("release.ts", ["--json"], SECOND);
    expect(JSON.parse(again.stdout)).toMatchObject({
      release: `${SECOND}-2`,
      steps: [],
    });
    expect(loaded.emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("takes a release of this version to its last stage", async () => {
    for (const env of ["dev", "prod-us", "prod-eu"]) {
      await loaded.workspace.edit(
        `envs/${env}.env`,
        (text) => `${text}MEMORY=2Gi\n`,
      );
    }
    expect(await json("release.ts")).toMatchObject({
      release: NEW,
      target: "dev",
      state: "SUCCEEDED",
    });
    expect(inDev()).toEqual([`100 ${NEW}`]);
    await json("promote.ts", "prod-us", "--approve", "--yes");
    expect(inProd("us-central1")).toEqual([`100 ${NEW}`]);
    await json("promote.ts", "prod-eu", "--yes");
    expect(inProd("europe-west1")).toEqual([`100 ${NEW}`]);
  });

  test("brings the release of 0.1.0 back", async () => {
    expect(await json("rollback.ts", "prod-us", "--yes")).toMatchObject({
      from: { release: NEW },
      to: { release: SECOND },
    });
    expect(inProd("us-central1")).toEqual([`100 ${SECOND}`]);
  });

  test("is removed, and after it what it brought", async () => {
    await run("setup.ts", ["--remove", "--yes"]);
    const { cloud } = loaded.emulator;
    const delivery = deliveryOf(cloud);
    expect(
      [
        ...[delivery.pipelines, delivery.targets, delivery.automations],
        ...[
          storageOf(cloud).buckets,
          registryOf(cloud).repositories,
          buildingOf(cloud).triggers,
        ],
      ].flatMap((store) => [...store.keys()]),
    ).toEqual([]);
    for (const env of ["dev", "prod-us", "prod-eu"]) {
      await run("clean.ts", [env, "--yes", `--confirm=${env}`]);
    }
    for (const projectId of Object.keys(loaded.recording.about.projects)) {
      const inventory = takeInventory({ ...loaded.emulator, projectId });
      expect(inventory).toMatchObject(NOTHING);
    }
  });
});

describe("a rollback of the canary that 0.1.0 began", () => {
  beforeAll(load);
  afterAll(close);

  test("gives the release before all traffic again", async () => {
    expect(await json("rollback.ts", "prod-us", "--yes")).toMatchObject({
      to: { release: FIRST },
    });
    expect(inProd("us-central1")).toEqual([`100 ${FIRST}`]);
  });
});
