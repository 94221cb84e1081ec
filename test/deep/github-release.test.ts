import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import { resolveImage } from "../../emulator/machine/runtime/images.ts";
import type { Finished, TestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Github, startGithub } from "../support/github-identity.ts";
import { startThreeStages } from "../support/three-stages.ts";
import type { Workspace } from "../support/workspace.ts";

// A release as config/github-release.yml makes it: gcloud is whom a token of GitHub's makes it.

const TOOLS_IMAGE =
  "us-central1-docker.pkg.dev/demo-litellm/litellm/tools:quick";
const SCRIPT = fileURLToPath(
  new URL("../support/verify-container.ts", import.meta.url),
);
const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";
const BUILD = "litellm-build@demo-litellm.iam.gserviceaccount.com";
const DEPLOYER = "litellm-deployer@demo-litellm.iam.gserviceaccount.com";

let github: Github;
let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  github = await startGithub();
  ({ emulator, workspace } = await startThreeStages({
    issuers: github.issuers,
    longestWait: 100,
    scripts: { [TOOLS_IMAGE]: SCRIPT },
  }));
  expectDone(
    await workspace.script("setup.ts", [
      ...["--ci=github", "--github=team/gateway", "--github-ids=11/22"],
      "--yes",
    ]),
  );
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
  await github.remove();
});

/** The variables of a workflow that is logged in with what GitHub says of its run. */
async function loggedIn(
  claims: Record<string, unknown> = {},
): Promise<Record<string, string>> {
  const { projectNumber } = emulator.cloud.project("demo-litellm");
  const file = await github.writeCredentials({
    url: emulator.url,
    provider: `projects/${projectNumber}/locations/global/workloadIdentityPools/litellm-github/providers/github`,
    serviceAccount: BUILD,
    claims,
  });
  return {
    // Of its own: gcloud keeps tokens there, and takes them again.
    CLOUDSDK_CONFIG: `${file}.gcloud`,
    CLOUDSDK_CORE_ACCOUNT: BUILD,
    CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: file,
  };
}

async function onlyImage(claims?: Record<string, unknown>): Promise<Finished> {
  const env = await loggedIn(claims);
  return workspace.script("release.ts", ["--only-image", "--yes"], { env });
}

async function release(): Promise<Finished> {
  const env = {
    ...(await loggedIn()),
    CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT: DEPLOYER,
    COMMIT_SHA,
    TOOLS_IMAGE,
  };
  return workspace.script("release.ts", ["dev", "--yes"], { env });
}

async function without(
  role: string,
  work: () => Promise<Finished>,
): Promise<Finished> {
  const held = emulator.cloud
    .policies()
    .flatMap(({ bindings }) => bindings)
    .filter((one) => one.role === `roles/${role}`)
    .filter(({ members }) =>
      members.some((m) => m.includes(BUILD) || m.startsWith("principalSet:")),
    );
  expect(held).not.toEqual([]);
  const members = held.map((binding) => binding.members);
  for (const binding of held) binding.members = [];
  const finished = await work();
  for (const [i, binding] of held.entries()) binding.members = members[i] ?? [];
  return finished;
}

test.each([
  ["another repository", { repository: "team/other", repository_id: "23" }],
  ["another's repository of the same name", { repository_id: "23" }],
  ["another branch", { ref: "refs/heads/feature" }],
  ["a pull request's own run", { event_name: "pull_request_target" }],
])("%s gets nowhere, in Google's words", async (_whose, claims) => {
  const { exitCode, stderr } = await onlyImage(claims);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("rejected by the attribute condition");
});

test.each([
  ["iam.workloadIdentityUser", "iam.serviceAccounts.getAccessToken"],
  [
    "cloudbuild.builds.editor",
    "builds submit failed (exit 1): PERMISSION_DENIED",
  ],
])("without %s LiteLLM's image is not brought", async (role, words) => {
  const { exitCode, stderr } = await without(role, onlyImage);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(words);
});

test("without the deployer's identity nothing is released", async () => {
  const { exitCode, stderr } = await without(
    "iam.serviceAccountTokenCreator",
    release,
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain("iam.serviceAccounts.getAccessToken");
});

test("a push to main releases to dev", async () => {
  const { withDigest } = resolveImage(TOOLS_IMAGE, { [TOOLS_IMAGE]: "" });
  const digest = withDigest.slice(withDigest.indexOf("@") + 1);
  const { directory } = workspace;
  const image = { digest, content: { kind: "tools" as const, directory } };
  pushImage(emulator.cloud, `serviceAccount:${BUILD}`, TOOLS_IMAGE, image);
  expectDone(await onlyImage());
  expectDone(await release());
  const made = emulator.exchanges.find(
    ({ method, path: of }) => method === "POST" && of.includes("/releases?"),
  );
  expect(made?.caller).toBe(`serviceAccount:${DEPLOYER}`);
});
