import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Github, startGithub } from "../support/github-identity.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// A deploy as config/github-deploy.yml makes it, of an env that no pipeline has.

const CI = ["local", "--ci=github", "--github=team/gateway"];
const IDS = "--github-ids=11/22";
const WORKFLOW = ".github/workflows/deploy-local.yml";
const DEPLOYER = "litellm-deploy-local@demo-litellm.iam.gserviceaccount.com";

let github: Github;
let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  github = await startGithub();
  emulator = await startTestEmulator({
    litellm: "stand-in",
    issuers: github.issuers,
  });
  workspace = await makeWorkspace(emulator);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
  await github.remove();
});

async function setup(...args: string[]): Promise<string> {
  const finished = await workspace.script("setup.ts", args);
  expectDone(finished);
  return finished.stdout + finished.stderr;
}

async function countWrites(run: () => Promise<unknown>): Promise<number> {
  const before = emulator.exchanges.length;
  await run();
  return emulator.exchanges.slice(before).filter(isWrite).length;
}

/** The workflow's last step, with what GitHub says of its run, and no key. */
async function deploy(claims: Record<string, unknown> = {}): Promise<Finished> {
  const { projectNumber } = emulator.cloud.project("demo-litellm");
  const file = await github.writeCredentials({
    url: emulator.url,
    provider: `projects/${projectNumber}/locations/global/workloadIdentityPools/litellm-deploy-local/providers/github`,
    claims,
  });
  const env = {
    CLOUDSDK_CONFIG: `${file}.gcloud`,
    CLOUDSDK_CORE_ACCOUNT: "the-workflow",
    CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: file,
    CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT: DEPLOYER,
  };
  return workspace.script("deploy.ts", ["local", "--yes"], { env });
}

/** Something that a deploy has to bring. */
let change = 0;
async function changeConfig(): Promise<void> {
  change += 1;
  await workspace.edit(
    "config/litellm.vertex.yaml",
    (text) => `${text}\n# change ${String(change)}\n`,
  );
}

function isGithubs(member: string): boolean {
  return member.includes(DEPLOYER) || member.startsWith("principalSet:");
}

/** The roles that the account holds, and that of whom takes it on. */
function listRoles(): string[] {
  return emulator.cloud
    .policies()
    .flatMap(({ bindings }) => bindings)
    .flatMap(({ role, members }) => members.filter(isGithubs).map(() => role))
    .sort();
}

async function without(role: string): Promise<Finished> {
  const held = emulator.cloud
    .policies()
    .flatMap(({ bindings }) => bindings)
    .filter((one) => one.role === role && one.members.some(isGithubs));
  expect(held).not.toEqual([]);
  const members = held.map((binding) => binding.members);
  for (const one of held) {
    one.members = one.members.filter((m) => !isGithubs(m));
  }
  await changeConfig();
  const finished = await deploy();
  for (const [i, binding] of held.entries()) binding.members = members[i] ?? [];
  return finished;
}

test("before the first deploy nothing is set up: its keys are not GitHub's to store", async () => {
  const writes = await countWrites(async () => {
    const { exitCode, stderr } = await workspace.script("setup.ts", CI);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("secret litellm-master-key");
    expect(stderr).toContain("npx tsx scripts/deploy.ts local");
  });
  expect(writes).toBe(0);
});

test("it shows its workflow, is pasted with the same effect, and makes no write the second time", async () => {
  expectDone(await workspace.script("deploy.ts"));
  const asked = await workspace.script("setup.ts", CI);
  expect(asked.exitCode).toBe(2);
  expect(asked.stderr).toContain(`- ${WORKFLOW} (new)`);
  const { stdout } = await workspace.script("setup.ts", [
    ...CI,
    IDS,
    "--dry-run",
  ]);
  const pasted = await workspace.paste(stdout);
  expect(`${String(pasted.exitCode)} ${pasted.stderr}`).toMatch(/^0 /);
  const file = path.join(workspace.directory, WORKFLOW);
  expect(await readFile(file, "utf8")).toContain(DEPLOYER);
  const writes = await countWrites(async () => {
    expect(await setup(...CI)).toContain("Nothing to do.");
  });
  expect(writes).toBe(0);
});

test.each([
  ["another repository", { repository: "team/other", repository_id: "23" }],
  ["another branch", { ref: "refs/heads/feature" }],
  ["a pull request's own run", { event_name: "pull_request_target" }],
])("%s gets nowhere, in Google's words", async (_whose, claims) => {
  const { exitCode, stderr } = await deploy(claims);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("rejected by the attribute condition");
});

describe("a push", { timeout: 240_000 }, () => {
  test("deploys, without a key on GitHub", async () => {
    await changeConfig();
    expectDone(await deploy());
    const made = emulator.exchanges.findLast(
      ({ method, path: of }) => method === "PUT" && of.includes("/services/"),
    );
    expect(made?.caller).toBe(`serviceAccount:${DEPLOYER}`);
  });

  test.each([
    ["roles/iam.workloadIdentityUser", "iam.serviceAccounts.getAccessToken"],
    ["roles/run.admin", "run.services.get"],
    ["roles/browser", "demo-litellm:getIamPolicy"],
    ["roles/serviceusage.serviceUsageConsumer", "services:batchGet"],
    ["roles/iam.serviceAccountUser", "iam.serviceAccounts.get"],
    ["roles/secretmanager.admin", "secretmanager.secrets.get"],
  ])("does not deploy without %s", async (role, named) => {
    const { exitCode, stderr } = await without(role);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(named);
  });

  test("has no role that is not left out above", () => {
    expect(listRoles()).toEqual([
      "roles/browser",
      "roles/iam.serviceAccountUser",
      "roles/iam.workloadIdentityUser",
      "roles/run.admin",
      ...Array<string>(2).fill("roles/secretmanager.admin"),
      "roles/serviceusage.serviceUsageConsumer",
    ]);
  });

  test("deploys with ACCESS=iam, and may open the service to nobody once setup ran again", async () => {
    const append = (text: string) =>
      workspace.edit("envs/local.env", (old) => `${old}\n${text}\n`);
    await append("ACCESS=iam");
    expectDone(await deploy());
    const changed = await setup(...CI);
    expect(changed).toContain("Take roles/run.admin on project demo-litellm");
    expect(listRoles()).toContain("roles/run.developer");
    await changeConfig();
    expectDone(await deploy());
    const { exitCode, stderr } = await without("roles/run.developer");
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("run.services.get");
  });

  test("with clients' keys sees their secret, and may not write it", async () => {
    await workspace.edit("envs/local.env", (t) => `${t}CLIENT_KEYS=true\n`);
    expectDone(await workspace.script("deploy.ts"));
    await setup(...CI);
    await changeConfig();
    expectDone(await deploy());
    const { exitCode, stderr } = await without("roles/secretmanager.viewer");
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("secretmanager.secrets.get");
  });
});

test("what somebody changed by hand is put back", async () => {
  for (const { bindings } of emulator.cloud.policies()) {
    for (const binding of bindings) {
      if (binding.role !== "roles/browser") continue;
      binding.members = binding.members.filter((m) => !isGithubs(m));
    }
  }
  await workspace.edit(WORKFLOW, (text) => text.replace("deploy:", "mine:"));
  const asked = await workspace.script("setup.ts", CI);
  expect(asked.stderr).toContain(`- ${WORKFLOW}, which differs`);
  const done = await setup(...CI, "--yes", "--json");
  expect(done).toContain("Grant roles/browser on project demo-litellm");
  expect(done).toContain(`Write ${WORKFLOW}`);
});

test("a clean leaves it, and says so", async () => {
  const { stderr } = await workspace.script("clean.ts", ["local", "--dry-run"]);
  expect(stderr).toContain(
    "npx tsx scripts/setup.ts local --ci=github --remove",
  );
});

test("all of it is taken away, again, and comes back although its names were taken", async () => {
  expect(await setup("local", "--ci=github", "--remove", "--yes")).toContain(
    "Removed.",
  );
  expect(listRoles()).toEqual([]);
  const { serviceAccounts } = emulator.cloud.project("demo-litellm");
  expect([...serviceAccounts.values()].map(({ email }) => email)).not.toContain(
    DEPLOYER,
  );
  expect(await setup("local", "--ci=github", "--remove", "--yes")).toContain(
    "Nothing to do.",
  );
  await setup(...CI, "--yes");
  await changeConfig();
  expectDone(await deploy());
});

itConforms(() => emulator.exchanges);
