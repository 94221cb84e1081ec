import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServiceAccount } from "../../emulator/apis/iam/service-account.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const IAM = { ACCESS: "iam" };
const PUBLIC = { ACCESS: "public" };

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function deploy(env: Record<string, string>): Promise<Finished> {
  const run = await workspace.script("deploy.ts", ["local"], { env });
  expectDone(run);
  return run;
}

/** The model list, with the key and further headers: status and body. */
async function ask(headers: Record<string, string>): Promise<string> {
  const url = emulator.serviceUrl("us-central1", "litellm-proxy");
  const response = await fetch(`${url}/v1/models`, { headers });
  return `${String(response.status)} ${await response.text()}`;
}

function bearerKey(): Record<string, string> {
  const key = emulator.cloud
    .project(emulator.projectId)
    .secrets.get("litellm-master-key")
    ?.versions.at(-1)
    ?.payload?.toString();
  return { authorization: `Bearer ${key ?? ""}` };
}

async function identityOf(
  member: "user:developer@example.com" | "user:guest@example.com",
): Promise<Record<string, string>> {
  const { stdout } = await emulator.gcloud(["auth", "print-identity-token"], {
    env: emulator.envFor(member),
  });
  return { "x-serverless-authorization": `Bearer ${stdout.trim()}` };
}

async function readInvokers(): Promise<string> {
  const { stdout } = await emulator.gcloud([
    ...["run", "services", "get-iam-policy", "litellm-proxy"],
    "--region=us-central1",
    "--format=json",
  ]);
  return stdout;
}

describe("ACCESS=iam", () => {
  test("verifies the first deploy with an identity token", async () => {
    const run = await deploy(IAM);
    expect(run.stderr).toMatch(
      /ok +refuses-no-identity +403 from Google's front end/,
    );
    expect(run.stderr).toContain("X-Serverless-Authorization");
  });

  test("answers a call without an identity with Google's page", async () => {
    for (const headers of [{}, await identityOf("user:guest@example.com")]) {
      const answer = await ask(headers);
      expect(answer).toMatch(/^403 /);
      expect(answer).toContain("<title>403 Forbidden</title>");
    }
    // The key stands where Google looks for an identity token.
    expect(await ask(bearerKey())).toMatch(/^401 \s*<html>/);
  });

  test("lets an invoker through, to LiteLLM and its own check of the key", async () => {
    const identity = await identityOf("user:developer@example.com");
    expect(await ask({ ...bearerKey(), ...identity })).toMatch(/^200 \{/);
    expect(await ask(identity)).toMatch(/^401 \{"error"/);
  });
});

test("an impersonated account verifies with a token for the service", async () => {
  const project = emulator.cloud.project(emulator.projectId);
  const email = "ci@demo-litellm.iam.gserviceaccount.com";
  createServiceAccount(project, email, {}).policy.bindings.push({
    role: "roles/iam.serviceAccountTokenCreator",
    members: [DEVELOPER],
  });
  project.enabledApis.add("iamcredentials.googleapis.com");
  for (const role of ["roles/run.admin", "roles/owner"]) {
    project.policy.bindings.push({
      role,
      members: [`serviceAccount:${email}`],
    });
  }
  const env = { ...IAM, CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT: email };
  expectDone(
    await workspace.script("verify.ts", ["local", "--quick"], { env }),
  );
});

describe("a switch of access", () => {
  test("to public needs no identity any more, and still the key", async () => {
    await deploy(PUBLIC);
    expect(await ask(bearerKey())).toMatch(/^200 \{/);
    expect(await ask({})).toMatch(/^401 \{"error"/);
  });

  test("back to iam takes away what was given to everybody", async () => {
    await emulator.gcloud([
      ...["run", "services", "add-iam-policy-binding", "litellm-proxy"],
      "--member=allUsers",
      "--role=roles/run.invoker",
      "--region=us-central1",
    ]);
    expect(await readInvokers()).toContain("allUsers");
    await deploy(IAM);
    expect(await readInvokers()).not.toContain("allUsers");
    expect(await ask({})).toMatch(/^403 /);
    const identity = await identityOf("user:developer@example.com");
    expect(await ask({ ...bearerKey(), ...identity })).toMatch(/^200 \{/);
  });

  test("is done once", async () => {
    expect((await deploy(IAM)).stderr).toContain("Nothing to do");
  });
});

itConforms(() => emulator.exchanges);
