import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const ACCOUNTS = "/v1/projects/demo-litellm/serviceAccounts";
const EMAIL = "litellmsa@demo-litellm.iam.gserviceaccount.com";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
  const { enabledApis } = emulator.cloud.project("demo-litellm");
  enabledApis.add("iam.googleapis.com").add("iamcredentials.googleapis.com");
});
afterAll(() => emulator.close());

function accounts(verb: string, ...args: string[]) {
  return emulator.gcloud([
    "iam",
    "service-accounts",
    verb,
    ...args,
    "--format=json",
  ]);
}

function create(accountId: string) {
  return callRest(emulator, "POST", ACCOUNTS, { accountId });
}

describe("a service account", () => {
  it("is created, described, changed and listed by gcloud", async () => {
    const created = await accounts(
      "create",
      "litellmsa",
      "--display-name=LiteLLM",
      "--description=Runs the proxy",
    );
    expect(created.exitCode, created.stderr).toBe(0);
    const updated = await accounts("update", EMAIL, "--display-name=Gateway");
    expect(updated.exitCode, updated.stderr).toBe(0);
    const [described, listed] = await Promise.all([
      accounts("describe", EMAIL),
      accounts("list"),
    ]);
    const account = JSON.parse(described.stdout) as object;
    expect(account).toMatchObject({
      name: `projects/demo-litellm/serviceAccounts/${EMAIL}`,
      projectId: "demo-litellm",
      email: EMAIL,
      displayName: "Gateway",
      description: "Runs the proxy",
    });
    expect(account).toHaveProperty(
      "uniqueId",
      expect.stringMatching(/^\d{21}$/),
    );
    expect(JSON.parse(listed.stdout)).toMatchObject([account]);
  });

  it("is created only once", async () => {
    const { stderr, exitCode } = await accounts("create", "litellmsa");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "Service account litellmsa already exists within project projects/demo-litellm.",
    );
  });

  it.each([
    [
      "short",
      'The account ID "short" does not have a length between 6 and 30.',
    ],
    [
      "Capitals",
      'The account ID "Capitals" does not match [a-z]([-a-z0-9]*[a-z0-9]).',
    ],
  ])("is not created under the name %s", async (accountId, message) => {
    expect(await create(accountId)).toMatchObject({ status: 400, message });
  });

  it("that is not there is unknown to every verb", async () => {
    const nobody = "nobody@demo-litellm.iam.gserviceaccount.com";
    const { stderr, exitCode } = await accounts("describe", nobody);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Unknown service account");
    const answers = await Promise.all([
      callRest(emulator, "DELETE", `${ACCOUNTS}/${nobody}`),
      callRest(emulator, "POST", `${ACCOUNTS}/${nobody}:disable`),
      callRest(emulator, "POST", `${ACCOUNTS}/${nobody}:getIamPolicy`),
    ]);
    expect(answers.map((a) => a.code)).toEqual(
      Array.from({ length: 3 }, () => "NOT_FOUND"),
    );
  });

  it("is disabled and enabled", async () => {
    await accounts("disable", EMAIL);
    const one = await callRest(emulator, "GET", `${ACCOUNTS}/${EMAIL}`);
    expect(one.body).toHaveProperty("disabled", true);
    await accounts("enable", EMAIL);
    const two = await callRest(emulator, "GET", `${ACCOUNTS}/${EMAIL}`);
    expect(two.body).not.toHaveProperty("disabled");
  });

  it("comes back from deletion with its bindings", async () => {
    const { body } = await create("returning");
    const { uniqueId, email } = body as { uniqueId: string; email: string };
    const policy = emulator.cloud.project("demo-litellm").policy;
    policy.bindings.push({
      role: "roles/aiplatform.user",
      members: [`serviceAccount:${email}`],
    });
    await callRest(emulator, "DELETE", `${ACCOUNTS}/${email}`);
    expect(policy.bindings.at(-1)?.members).toEqual([
      `deleted:serviceAccount:${email}?uid=${uniqueId}`,
    ]);
    const restored = await callRest(
      emulator,
      "POST",
      `${ACCOUNTS}/${uniqueId}:undelete`,
    );
    expect(restored.body).toMatchObject({ restoredAccount: { email } });
    expect(policy.bindings.at(-1)?.members).toEqual([
      `serviceAccount:${email}`,
    ]);
  });

  it("takes roles of IAM only", async () => {
    const { message } = await callRest(
      emulator,
      "POST",
      `${ACCOUNTS}/${EMAIL}:setIamPolicy`,
      {
        policy: {
          bindings: [
            {
              role: "roles/run.admin",
              members: ["user:developer@example.com"],
            },
          ],
        },
      },
    );
    expect(message).toBe(
      "Role roles/run.admin is not supported for this resource.",
    );
  });
});

describe("impersonation", () => {
  const list = ["projects", "describe", "demo-litellm"];
  const as = `--impersonate-service-account=${EMAIL}`;

  it("is refused to the owner too, until the owner has the token creator's role", async () => {
    const refused = await emulator.gcloud([...list, as]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(
      "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
    );
    const granted = await accounts(
      "add-iam-policy-binding",
      EMAIL,
      "--member=user:developer@example.com",
      "--role=roles/iam.serviceAccountTokenCreator",
    );
    expect(granted.exitCode, granted.stderr).toBe(0);
    emulator.cloud.project("demo-litellm").policy.bindings.push({
      role: "roles/browser",
      members: [`serviceAccount:${EMAIL}`],
    });
    const taken = await emulator.gcloud([...list, as]);
    expect(taken.exitCode, taken.stderr).toBe(0);
    expect(emulator.exchanges.at(-1)?.caller).toBe(`serviceAccount:${EMAIL}`);
  });

  it("gives an identity token for the audience that was asked for", async () => {
    const { stdout, stderr } = await emulator.gcloud([
      "auth",
      "print-identity-token",
      as,
      "--audiences=https://service.example",
    ]);
    const token = stdout.trim();
    expect(emulator.cloud.identityTokens.get(token), stderr).toBe(
      `serviceAccount:${EMAIL}`,
    );
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url");
    expect(JSON.parse(payload.toString())).toMatchObject({
      aud: "https://service.example",
      email: EMAIL,
    });
  });
});

itConforms(() => emulator.exchanges);
