import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Binding, Policy } from "../../emulator/core/policy.ts";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import { registryOf } from "../../emulator/apis/artifact-registry/state.ts";
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

interface Held {
  /** `roles/browser on demo-prod`. */
  name: string;
  binding: Binding;
  member: string;
}

/** What the workflow's accounts hold, and who takes on the first of them. */
function listHeld(): Held[] {
  const isTheirs = (member: string): boolean =>
    [BUILD, DEPLOYER].some((email) => member.includes(email)) ||
    member.startsWith("principalSet:");
  return emulator.cloud.policies().flatMap((policy) =>
    policy.bindings.flatMap((binding) =>
      binding.members.filter(isTheirs).map((member) => ({
        name: `${whose(member)}: ${binding.role.replace("roles/", "")} on ${nameOf(policy)}`,
        binding,
        member,
      })),
    ),
  );
}

function whose(member: string): string {
  if (member.includes(BUILD)) return "build";
  return member.includes(DEPLOYER) ? "deployer" : "GitHub";
}

/** What has the policy: a project, or a thing in it. */
function nameOf(policy: Policy): string {
  const { cloud } = emulator;
  for (const id of ["demo-litellm", "demo-prod"]) {
    const { policy: own, serviceAccounts, secrets } = cloud.project(id);
    if (own === policy) return id;
    for (const { email, policy: of } of serviceAccounts.values()) {
      if (of === policy) return `${email.replace(/@.*/, "")} of ${id}`;
    }
    for (const [name, secret] of secrets) {
      if (secret.policy === policy) return `${name} of ${id}`;
    }
  }
  const repositories = [...registryOf(cloud).repositories.values()];
  return repositories.some((one) => one.policy === policy)
    ? "the repository"
    : "the bucket";
}

async function without(
  name: string,
  work: () => Promise<Finished>,
): Promise<Finished> {
  const held = listHeld().find((one) => one.name === name);
  if (held === undefined) throw new Error(`nobody holds ${name}`);
  const { binding, member } = held;
  binding.members = binding.members.filter((one) => one !== member);
  tried.add(name);
  const finished = await work();
  binding.members.push(member);
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

/** What the tests left out. */
const tried = new Set<string>();

/** What builds of cloudbuild.yaml need, which setup.ts --build starts, and the workflow does not. */
const OF_BUILDS = [
  "build: iam.serviceAccountUser on litellm-check of demo-litellm",
  "build: storage.objectViewer on the bucket",
  // Without it a build runs, and nobody sees its log.
  "build: logging.logWriter on demo-litellm",
];

test.each([
  [
    "GitHub: iam.workloadIdentityUser on litellm-build of demo-litellm",
    "iam.serviceAccounts.getAccessToken",
  ],
  [
    "build: serviceusage.serviceUsageConsumer on demo-litellm",
    "required permission to use project demo-litellm",
  ],
  [
    "build: artifactregistry.writer on the repository",
    "artifactregistry.tags.get",
  ],
  [
    "build: cloudbuild.builds.editor on demo-litellm",
    "builds submit failed (exit 1): PERMISSION_DENIED",
  ],
  [
    "build: iam.serviceAccountUser on litellm-build of demo-litellm",
    "permission to act as service account",
  ],
])("without %s LiteLLM's image is not brought", async (name, words) => {
  const { exitCode, stderr } = await without(name, () => onlyImage());
  expect(exitCode).toBe(1);
  expect(stderr).toContain(words);
});

test("LiteLLM's image is brought, and the tools image pushed", async () => {
  const { withDigest } = resolveImage(TOOLS_IMAGE, { [TOOLS_IMAGE]: "" });
  const digest = withDigest.slice(withDigest.indexOf("@") + 1);
  const { directory } = workspace;
  const image = { digest, content: { kind: "tools" as const, directory } };
  pushImage(emulator.cloud, `serviceAccount:${BUILD}`, TOOLS_IMAGE, image);
  expectDone(await onlyImage());
});

test.each([
  [
    "build: iam.serviceAccountTokenCreator on litellm-deployer of demo-litellm",
    "iam.serviceAccounts.getAccessToken",
  ],
  ["deployer: run.viewer on demo-litellm", "run.services.get"],
  ["deployer: run.viewer on demo-prod", "no active project demo-prod"],
  ["deployer: iam.securityReviewer on demo-litellm", "iam.serviceAccounts.get"],
  ["deployer: iam.securityReviewer on demo-prod", "iam.serviceAccounts.get"],
  [
    "deployer: serviceusage.serviceUsageConsumer on demo-litellm",
    "serviceusage.services.get",
  ],
  [
    "deployer: serviceusage.serviceUsageConsumer on demo-prod",
    "serviceusage.services.get",
  ],
  [
    "deployer: artifactregistry.reader on the repository",
    "artifactregistry.tags.get",
  ],
  [
    "deployer: secretmanager.admin on litellm-config of demo-litellm",
    "secretmanager.",
  ],
  [
    "deployer: secretmanager.admin on litellm-master-key of demo-litellm",
    "secretmanager.",
  ],
  [
    "deployer: secretmanager.admin on litellm-config of demo-prod",
    "secretmanager.",
  ],
  [
    "deployer: secretmanager.admin on litellm-master-key-prod of demo-prod",
    "secretmanager.",
  ],
  ["deployer: storage.legacyBucketReader on the bucket", "storage.buckets.get"],
  ["deployer: storage.objectUser on the bucket", "does not have sto"],
  [
    "deployer: clouddeploy.releaser on demo-litellm",
    "clouddeploy.deliveryPipelines.get",
  ],
  [
    "deployer: iam.serviceAccountUser on litellm-verify of demo-litellm",
    "iam.serviceaccounts.actAs",
  ],
  [
    "deployer: iam.serviceAccountUser on litellm-execution of demo-litellm",
    "iam.serviceaccounts.actAs",
  ],
])("without %s nothing is released", async (name, words) => {
  const { exitCode, stderr } = await without(name, release);
  expect(`${String(exitCode)} ${stderr}`).toMatch(/^1 /);
  expect(stderr).toContain(words);
});

test("no role of the workflow's accounts was not left out, but for what builds need", () => {
  const held = listHeld().map(({ name }) => name);
  expect(held.sort()).toEqual([...tried, ...OF_BUILDS].sort());
});

test("a push to main releases to dev", async () => {
  expectDone(await release());
  const made = emulator.exchanges.find(
    ({ method, path: of }) => method === "POST" && of.includes("/releases?"),
  );
  expect(made?.caller).toBe(`serviceAccount:${DEPLOYER}`);
});
