import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import {
  type Github,
  ISSUER,
  startGithub,
} from "../../../support/github-identity.ts";
import { callRest } from "../../../support/rest.ts";

const POOLS =
  "/v1/projects/demo-litellm/locations/global/workloadIdentityPools";
const EMAIL = "ci-account@demo-litellm.iam.gserviceaccount.com";

let github: Github;
let emulator: TestEmulator;
let poolName = "";

beforeAll(async () => {
  github = await startGithub();
  emulator = await startTestEmulator({ issuers: github.issuers });
  const project = emulator.cloud.project("demo-litellm");
  for (const name of ["iam", "iamcredentials", "cloudresourcemanager"]) {
    project.enabledApis.add(`${name}.googleapis.com`);
  }
  poolName = `projects/${project.projectNumber}/locations/global/workloadIdentityPools/github`;
  await post(`${POOLS}?workloadIdentityPoolId=github`, {});
  await post(
    `${POOLS}/github/providers?workloadIdentityPoolProviderId=actions`,
    {
      attributeMapping: {
        "google.subject": "assertion.sub",
        "attribute.repository": "assertion.repository",
      },
      attributeCondition:
        "assertion.repository_id == '22' && assertion.ref == 'refs/heads/main'",
      oidc: { issuerUri: ISSUER },
    },
  );
  await post("/v1/projects/demo-litellm/serviceAccounts", {
    accountId: "ci-account",
  });
  const set = `principalSet://iam.googleapis.com/${poolName}/attribute.repository/team/gateway`;
  const binding = { role: "roles/iam.workloadIdentityUser", members: [set] };
  await post(
    `/v1/projects/demo-litellm/serviceAccounts/${EMAIL}:setIamPolicy`,
    { policy: { bindings: [binding] } },
  );
});
afterAll(async () => {
  await emulator.close();
  await github.remove();
});

async function post(path: string, body: object): Promise<void> {
  const { message } = await callRest(emulator, "POST", path, body);
  expect(message).toBe("");
}

/** Who gcloud becomes by a login, or what it says. */
async function login(
  claims?: Record<string, unknown>,
  as: { serviceAccount?: string } = { serviceAccount: EMAIL },
): Promise<string> {
  const { url } = emulator;
  const provider = `${poolName}/providers/actions`;
  const to = { url, provider, ...as };
  const file = await github.writeCredentials({
    ...to,
    ...(claims && { claims }),
  });
  const { stdout, stderr } = await emulator.gcloud(
    ["auth", "print-access-token"],
    {
      env: {
        // Of its own: gcloud keeps tokens there, and takes them again.
        CLOUDSDK_CONFIG: `${file}.gcloud`,
        CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: file,
      },
    },
  );
  return emulator.cloud.accessTokens.get(stdout.trim()) ?? stderr;
}

/** What STS says of a token, without gcloud. */
async function exchange(
  claims: Record<string, unknown> = {},
  signer = github,
): Promise<unknown> {
  const audience = `//iam.googleapis.com/${poolName}/providers/actions`;
  const response = await fetch(`${emulator.url}/v1/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      subject_token: signer.sign(`https:${audience}`, claims),
      audience,
    }),
  });
  const answer = (await response.json()) as { error_description?: string };
  return answer.error_description;
}

describe("a token of an issuer elsewhere", () => {
  it("makes gcloud the service account that its set of identities may take on", async () => {
    expect(await login()).toBe(`serviceAccount:${EMAIL}`);
  });

  it("leaves gcloud what it is where it takes on no account", async () => {
    expect(await login(undefined, {})).toBe(
      `principal://iam.googleapis.com/${poolName}/subject/repo:team/gateway:ref:refs/heads/main`,
    );
  });

  it.each([
    [
      { repository_id: "23" },
      "The given credential is rejected by the attribute condition.",
    ],
    [
      { ref: "refs/pull/7/merge" },
      "The given credential is rejected by the attribute condition.",
    ],
    [{ aud: "https://example.com" }, "does not match the expected audience"],
    [{ iss: "https://example.com" }, "does not match the expected ones"],
    [{ exp: 1 }, "ID Token is expired"],
  ])("is refused with %j", async (claims, words) => {
    expect(await exchange(claims)).toContain(words);
  });

  it("takes on no account that its set was not let to, and shows gcloud's user why", async () => {
    expect(await login({ repository: "team/other" })).toContain(
      "iam.serviceAccounts.getAccessToken",
    );
    expect(await login({ repository_id: "23" })).toContain(
      "The given credential is rejected by the attribute condition.",
    );
  });

  it("is refused with another's signature, and while the pool is deleted", async () => {
    const other = await startGithub();
    expect(await exchange({}, other)).toContain("Invalid signature");
    await other.remove();
    await callRest(emulator, "DELETE", `${POOLS}/github`);
    expect(await exchange()).toContain("pool or provider is disabled or");
  });
});

// STS refuses in OAuth's form, which the discovery documents do not have.
itConforms(() =>
  emulator.exchanges.filter(
    ({ api, status }) => api !== "sts.googleapis.com" || status < 400,
  ),
);
