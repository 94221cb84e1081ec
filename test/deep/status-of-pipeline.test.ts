import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { resolveImage } from "../../emulator/machine/runtime/images.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const IMAGES = "us-central1-docker.pkg.dev/demo-litellm/litellm";
const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";

/** A tools image that verifies in no time: the point is another. */
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
  workspace = await makeWorkspace(emulator);
  for (const env of ["dev", "prod-us", "prod-eu"]) {
    await workspace.setProject(env, "demo-litellm");
  }
  expectDone(await run("setup.ts"));
  const [, quick] = resolveImage(QUICK, { [QUICK]: "" }).withDigest.split("@");
  pushImage(emulator.cloud, DEVELOPER, QUICK, {
    digest: quick ?? `sha256:${randomBytes(32).toString("hex")}`,
    content: { kind: "tools", directory: workspace.directory },
  });
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function run(script: string, ...args: string[]): Promise<Finished> {
  const env = { COMMIT_SHA, TOOLS_IMAGE: QUICK };
  return workspace.script(script, args, { env });
}

test("an env that Cloud Deploy owns shows its rollouts and the release's commit", async () => {
  expectDone(await run("release.ts"));
  const status = await run("status.ts", "dev", "--json");
  expect(status.stderr).toBe("");
  expect(JSON.parse(status.stdout)).toMatchObject([
    {
      env: "dev",
      serving: {
        deployed: { commit: "0123456789ab" },
        pipeline: {
          rollouts: [
            {
              release: "r-0123456789ab",
              state: "SUCCEEDED",
              needsApproval: false,
            },
          ],
        },
      },
    },
  ]);
});
