import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import type { ImageContent } from "../../emulator/apis/artifact-registry/state.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { resolveImage } from "../../emulator/machine/runtime/images.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const IMAGES = "us-central1-docker.pkg.dev/demo-litellm/litellm";
const CONFIG = "config/litellm.vertex.yaml";
const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";
const FIRST = "r-0123456789ab";

/** A tools image that verifies in no time, where the point is another. */
const QUICK = `${IMAGES}/tools:quick`;
const SCRIPT = fileURLToPath(
  new URL("../support/verify-container.ts", import.meta.url),
);

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    longestWait: 100,
    scripts: { [QUICK]: SCRIPT },
  });
  emulator.cloud.createProject("demo-prod", DEVELOPER);
  workspace = await makeWorkspace(emulator);
  await workspace.setProject("dev", "demo-litellm");
  await workspace.setProject("prod-us", "demo-prod");
  await workspace.setProject("prod-eu", "demo-prod");
  await succeed("setup.ts");
  const [, quick] = resolveImage(QUICK, { [QUICK]: "" }).withDigest.split("@");
  push("tools:quick", tools(), quick);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function tools(): ImageContent {
  return { kind: "tools", directory: workspace.directory };
}

function push(
  name: string,
  content: ImageContent,
  digest = `sha256:${randomBytes(32).toString("hex")}`,
): void {
  const image = { digest, content };
  pushImage(emulator.cloud, DEVELOPER, `${IMAGES}/${name}`, image);
}

let toolsImage: string | undefined;

function run(script: string, ...args: string[]): Promise<Finished> {
  const TOOLS_IMAGE = toolsImage ?? "";
  return workspace.script(script, args, { env: { COMMIT_SHA, TOOLS_IMAGE } });
}

/** A run that must succeed. */
async function succeed(script: string, ...args: string[]): Promise<Finished> {
  const finished = await run(script, ...args);
  expectDone(finished);
  return finished;
}

/** The result of a run that must succeed. */
async function json(
  script: string,
  ...args: string[]
): Promise<Record<string, unknown>> {
  const { stdout } = await succeed(script, ...args, "--json");
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The writes of a run, by method and path. */
async function writesOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = emulator.exchanges.length;
  await work();
  return emulator.exchanges
    .slice(before)
    .filter(isWrite)
    .map(({ method, path }) => `${method} ${path}`);
}

/** `PERCENT RELEASE KEY`, of what a service's traffic goes to. */
function serving(project: string, region: string, name: string): string[] {
  const { cloud } = emulator;
  const at = { cloud, projectId: project };
  const service = findService(at, `${region}/${name}`);
  return (service?.serving ?? []).map(({ revisionName, percent = 0 }) => {
    const template = service?.revisions.get(revisionName)?.template;
    const [container] = template?.spec.containers ?? [];
    const key = container?.env?.find((e) => e.name === "LITELLM_MASTER_KEY");
    return [
      percent,
      template?.metadata.labels["release-id"],
      key?.valueFrom?.secretKeyRef?.key,
    ].join(" ");
  });
}

const inDev = () => serving("demo-litellm", "us-central1", "litellm-proxy");
const inProd = (region: string) =>
  serving("demo-prod", region, "litellm-proxy-prod");

describe("a release", () => {
  test("is refused before anything is written", async () => {
    const refusals: [string[], string][] = [
      [["prod-uk"], "prod-uk is no stage of clouddeploy.yaml"],
      [["prod-us"], "npx tsx scripts/promote.ts prod-us"],
      [[], "gcloud builds submit --config=cloudbuild.yaml"],
    ];
    const writes = await writesOf(async () => {
      for (const [args, message] of refusals) {
        const { exitCode, stderr } = await run("release.ts", ...args);
        expect(exitCode).not.toBe(0);
        expect(stderr).toContain(message);
      }
      const prod = emulator.cloud.project("demo-prod");
      prod.billingEnabled = false;
      const { stderr } = await run("release.ts");
      expect(stderr).toContain("project demo-prod has no billing account");
      prod.billingEnabled = true;
    });
    expect(writes).toEqual([]);
  });

  test("previews everything, and writes nothing", async () => {
    push("tools:latest", tools());
    let preview = "";
    const writes = await writesOf(async () => {
      preview = (await run("release.ts", "--dry-run")).stdout;
    });
    expect(writes).toEqual([]);
    expect(preview).toContain(`gcloud deploy releases create ${FIRST} `);
    // A release leaves the pipeline to setup.ts.
    expect(preview).not.toContain("kind: Target");
    expect(preview).toContain("# from-param: ${image}");
  });

  test("is marked where the work tree has changes, and named after the time without git", async () => {
    const preview = () =>
      workspace.script("release.ts", ["--dry-run"], { env: {} });
    expect((await preview()).stdout).toMatch(/create r-\d{8}-\d{6} /);
    const git = "git -c user.name=a -c user.email=a@example.com";
    await workspace.paste(
      `git init -q && git add envs && ${git} commit -qm first`,
    );
    const { stdout, stderr } = await preview();
    expect(stdout).toMatch(/create r-[0-9a-f]{12}-dirty /);
    expect(stderr).toContain("WARNING: the work tree has changes");
  });

  test("prepares every project, and reaches the first stage verified", async () => {
    expect(await json("release.ts")).toMatchObject({
      release: FIRST,
      target: "dev",
      state: "SUCCEEDED",
      image: expect.stringMatching(/litellm@sha256:/) as string,
    });
    expect(inDev()).toEqual([`100 ${FIRST} 1`]);
    expect(inProd("us-central1")).toEqual([]);
  });

  test("is not made again of the same", async () => {
    const writes = await writesOf(async () => {
      expect(await json("release.ts")).toMatchObject({
        release: FIRST,
        steps: [],
      });
      const { stdout } = await succeed("promote.ts", "--approve", "--dry-run");
      expect(stdout).toMatch(/releases promote [^]*rollouts approve /);
    });
    expect(writes).toEqual([]);
  });

  test("is the only one, so there is nothing to go back to", async () => {
    const { stderr, exitCode } = await run("rollback.ts", "dev", "--yes");
    expect(stderr).toContain("there is nothing to go back to");
    expect(exitCode).toBe(1);
  });
});

describe("a promotion", () => {
  test("waits for approval, and goes on with it", async () => {
    expect(await json("promote.ts", "--yes")).toMatchObject({
      target: "prod-us",
      to: { release: FIRST },
      waits: true,
    });
    expect(inProd("us-central1")).toEqual([]);
    const { rollout } = await json("promote.ts", "--approve", "--yes");
    expect(rollout).toBe(`${FIRST}-to-prod-us-0001`);
    expect(inProd("us-central1")).toEqual([`100 ${FIRST} 1`]);
  });

  test("is followed where an automation has begun it", async () => {
    await json("promote.ts", "prod-eu", "--yes");
    expect(inProd("europe-west1")).toEqual([`100 ${FIRST} 1`]);
    const { stderr, exitCode } = await run("promote.ts", "--yes");
    expect(stderr).toContain("Nothing to promote");
    expect(exitCode).toBe(0);
  });
});

describe("a changed config", () => {
  test("is another release of the same commit, verified as a canary", async () => {
    toolsImage = QUICK;
    await workspace.edit(CONFIG, (text) => `${text}\n# changed\n`);
    await json("release.ts");
    expect(inDev()).toEqual([`100 ${FIRST}-2 1`]);
    const { stderr } = await run("promote.ts", "--approve", "--yes");
    expect(stderr).toMatch(
      /0 %: verified[^]*50 %: verified[^]*stable: verified/,
    );
    expect(inProd("us-central1")).toEqual([`100 ${FIRST}-2 1`]);
  });
});

describe("a rollback", () => {
  test("brings the release before back", async () => {
    expect(await json("rollback.ts", "dev", "--yes")).toMatchObject({
      from: { release: `${FIRST}-2` },
      to: { release: FIRST },
      rollout: `${FIRST}-to-dev-0002`,
    });
    expect(inDev()).toEqual([`100 ${FIRST} 1`]);
    const { stdout } = await succeed("rollback.ts", "dev", "--list");
    expect(stdout).toMatch(/^RELEASE .*\nr-0123456789ab .* serves\n$/);
  });

  test("makes a new release with today's key where the old one cannot be read", async () => {
    const secret = "litellm-master-key-prod";
    const rotated = await json("rotate.ts", "prod-us", "--confirm=prod-us");
    expect(rotated).toMatchObject({ secret, version: 2, waits: true });
    await emulator.gcloud([
      ...["secrets", "versions", "destroy", "1", `--secret=${secret}`],
      ...["--project=demo-prod", "--quiet"],
    ]);
    expect(await json("rollback.ts", "prod-us", "--yes")).toMatchObject({
      to: { release: FIRST },
      release: `${FIRST}-now`,
      reasons: [`version 1 of ${secret} is disabled`],
    });
    expect(inProd("us-central1")).toEqual([`100 ${FIRST}-now 2`]);
  });
});

itConforms(() => emulator.exchanges);
