import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const IMAGES = "us-central1-docker.pkg.dev/demo-litellm/litellm";
const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";
const FIRST = "r-0123456789ab";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in", longestWait: 100 });
  workspace = await makeWorkspace(emulator);
  for (const env of ["dev", "prod-us", "prod-eu"]) {
    await workspace.setProject(env, "demo-litellm");
  }
  expectDone(await run("setup.ts"));
  pushImage(emulator.cloud, DEVELOPER, `${IMAGES}/tools:latest`, {
    digest: `sha256:${randomBytes(32).toString("hex")}`,
    content: { kind: "tools", directory: workspace.directory },
  });
  expectDone(await run("release.ts"));
}, 300_000);

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function run(script: string, ...args: string[]): Promise<Finished> {
  return workspace.script(script, args, { env: { COMMIT_SHA } });
}

/** `PERCENT RELEASE`, of what dev's traffic goes to. */
function serving(): string[] {
  const service = findService(emulator);
  return (service?.serving ?? []).map(({ revisionName, percent = 0 }) => {
    const { template } = service?.revisions.get(revisionName) ?? {};
    return `${String(percent)} ${template?.metadata.labels["release-id"] ?? ""}`;
  });
}

/** To the oldest revision, as somebody may have done by hand. */
async function pinTraffic(): Promise<void> {
  const [revision = ""] = findService(emulator)?.revisions.keys() ?? [];
  const { exitCode } = await emulator.gcloud([
    ...["run", "services", "update-traffic", "litellm-proxy"],
    ...[`--to-revisions=${revision}=100`, "--region=us-central1"],
  ]);
  expect(exitCode).toBe(0);
}

test("a preview does the same as a release, pasted into bash, and gives pinned traffic up", async () => {
  for (const env of ["dev", "prod-us", "prod-eu"]) {
    await workspace.edit(
      `envs/${env}.env`,
      (text) => `${text}IMAGE=docker.io/litellm/litellm:v1.108.13\n`,
    );
  }
  expectDone(await run("release.ts"));
  await pinTraffic();
  expect(serving()).toContain(`100 ${FIRST}`);
  await workspace.edit("envs/dev.env", (text) => `${text}CONCURRENCY=20\n`);
  const verified = await run("verify.ts", "dev", "--canary");
  expect(verified.stderr).toContain("does not take all traffic");
  const preview = await run("release.ts", "--dry-run");
  expectDone(preview);
  const pasted = await workspace.paste(preview.stdout);
  expect(`${String(pasted.exitCode)} ${pasted.stderr}`).toMatch(/^0 /);
  expect(serving()).toEqual([`100 ${FIRST}-3`]);
  const again = await run("release.ts", "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({
    release: `${FIRST}-3`,
    steps: [],
  });
});

test("a release that fails its verification says which job failed, and where its log is", async () => {
  // The newest model lives in location global only.
  const model = "model: vertex_ai/gemini-4-argon\n";
  await workspace.edit("config/litellm.vertex.yaml", (text) =>
    text.replace(model, `${model}      vertex_location: us-central1\n`),
  );
  const { exitCode, stderr } = await run("release.ts");
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/verify failed in phase 0 %/);
  const [, command = ""] = /Its log: gcloud (.*)$/m.exec(stderr) ?? [];
  const log = await workspace.paste(`gcloud ${command}`);
  expect(log.stdout).toMatch(/gemini-4-argon.*/);
});

test("a release is marked where the work tree has changes, and named after the time without git", async () => {
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

itConforms(() => emulator.exchanges);
