import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import type { Member } from "../../emulator/core/cloud.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { resolveImage } from "../../emulator/machine/runtime/images.ts";
import { type Finished, type TestEmulator } from "../support/emulator.ts";
import { startThreeStages } from "../support/three-stages.ts";
import type { Workspace } from "../support/workspace.ts";

// What docs/promotion.md, "Accounts", says that people need.

const TOOLS = "us-central1-docker.pkg.dev/demo-litellm/litellm/tools:quick";
const SCRIPT = fileURLToPath(
  new URL("../support/verify-container.ts", import.meta.url),
);
const PROMOTER: Member = "user:pat@example.com";
const APPROVER: Member = "user:app@example.com";
const ON_PIPELINE = ["clouddeploy.viewer", "serviceusage.serviceUsageConsumer"];
const ON_TARGET = [
  "browser",
  "run.viewer",
  "secretmanager.viewer",
  "iam.serviceAccountViewer",
  "serviceusage.serviceUsageConsumer",
];

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  ({ emulator, workspace } = await startThreeStages({
    longestWait: 100,
    scripts: { [TOOLS]: SCRIPT },
  }));
  await succeed(DEVELOPER, "setup.ts");
  const { withDigest } = resolveImage(TOOLS, { [TOOLS]: "" });
  const digest = withDigest.slice(withDigest.indexOf("@") + 1);
  const { directory } = workspace;
  const image = { digest, content: { kind: "tools" as const, directory } };
  pushImage(emulator.cloud, DEVELOPER, TOOLS, image);
  await succeed(DEVELOPER, "release.ts");
  give(PROMOTER, "clouddeploy.releaser");
  give(APPROVER, "clouddeploy.approver");
  const { serviceAccounts } = emulator.cloud.project("demo-litellm");
  for (const name of ["execution", "verify"]) {
    serviceAccounts
      .get(`litellm-${name}@demo-litellm.iam.gserviceaccount.com`)
      ?.policy.bindings.push({
        role: "roles/iam.serviceAccountUser",
        members: [PROMOTER],
      });
  }
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function give(member: Member, own: string): void {
  const grant = (projectId: string, roles: string[]) => {
    const { bindings } = emulator.cloud.project(projectId).policy;
    for (const role of roles) {
      bindings.push({ role: `roles/${role}`, members: [member] });
    }
  };
  grant("demo-litellm", [own, ...ON_PIPELINE]);
  grant("demo-prod", ON_TARGET);
}

function as(
  member: Member,
  script: string,
  ...args: string[]
): Promise<Finished> {
  const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";
  const env = { ...emulator.envFor(member), COMMIT_SHA, TOOLS_IMAGE: TOOLS };
  return workspace.script(script, args, { env });
}

async function succeed(...run: Parameters<typeof as>): Promise<void> {
  const { exitCode, stderr } = await as(...run);
  expect(`${String(exitCode)} ${stderr}`).toMatch(/^0 /);
}

async function without(
  role: string,
  work: () => Promise<Finished>,
  member = PROMOTER,
): Promise<Finished> {
  const held = emulator.cloud
    .policies()
    .flatMap(({ bindings }) => bindings)
    .filter((one) => one.role === `roles/${role}`)
    .filter(({ members }) => members.includes(member));
  expect(held).not.toEqual([]);
  for (const binding of held) binding.members = [];
  const finished = await work();
  for (const binding of held) binding.members = [member];
  return finished;
}

/** Of what is read side by side any may be the first to be refused. */
const READING = /clouddeploy\.\w+\.(get|list)\b/;

describe("who promotes", { timeout: 120_000 }, () => {
  test.each([
    ["clouddeploy.releaser", "clouddeploy.rollouts.create"],
    ["clouddeploy.viewer", READING],
    ["serviceusage.serviceUsageConsumer", "serviceusage.services.use"],
    ["iam.serviceAccountUser", "iam.serviceaccounts.actAs"],
  ])("cannot do without %s", async (role, named) => {
    const run = () => as(PROMOTER, "promote.ts", "--yes");
    const { exitCode, stderr } = await without(role, run);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(named);
  });

  test("promotes, but does not approve", async () => {
    await succeed(PROMOTER, "promote.ts", "--yes");
    const run = await as(PROMOTER, "promote.ts", "--approve", "--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("clouddeploy.rollouts.approve");
  });
});

describe("who approves", { timeout: 120_000 }, () => {
  test.each([
    ["clouddeploy.approver", "clouddeploy.rollouts.approve"],
    ["clouddeploy.viewer", READING],
    ["serviceusage.serviceUsageConsumer", "serviceusage.services.use"],
  ])("cannot do without %s", async (role, named) => {
    const run = () => as(APPROVER, "promote.ts", "--approve", "--yes");
    const { exitCode, stderr } = await without(role, run, APPROVER);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(named);
  });

  test("lets it in", async () => {
    await succeed(APPROVER, "promote.ts", "--approve", "--yes");
  });
});
