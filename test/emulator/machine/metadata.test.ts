import { Compute } from "google-auth-library";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  type MetadataServer,
  startMetadataServer,
} from "../../../emulator/machine/metadata.ts";
import {
  ACCOUNT,
  startTestRuntime,
  type TestRuntime,
} from "../../support/runtime.ts";

let test: TestRuntime;
let metadata: MetadataServer;

beforeAll(async () => {
  test = await startTestRuntime();
  metadata = await startMetadataServer(test.cloud, {
    projectId: "demo-runtime",
    region: "europe-west4",
    serviceAccount: ACCOUNT,
  });
  vi.stubEnv("GCE_METADATA_HOST", metadata.host);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await metadata.close();
  await test.runtime.close();
});

async function ask(path: string, headers = { "Metadata-Flavor": "Google" }) {
  const url = `http://${metadata.host}/computeMetadata/v1/${path}`;
  const response = await fetch(url, { headers });
  return { status: response.status, body: await response.text() };
}

it("gives Google's own client library an access token of the service account", async () => {
  const { token } = await new Compute().getAccessToken();
  expect(test.cloud.accessTokens.get(token ?? "")).toBe(
    `serviceAccount:${ACCOUNT}`,
  );
});

it("gives an identity token for an audience", async () => {
  const token = await new Compute().fetchIdToken("https://hello.example");
  expect(test.cloud.identityTokens.get(token)).toBe(
    `serviceAccount:${ACCOUNT}`,
  );
  const [, payload = ""] = token.split(".");
  expect(
    JSON.parse(Buffer.from(payload, "base64url").toString()),
  ).toMatchObject({ aud: "https://hello.example", email: ACCOUNT });
});

it("tells project, region and account", async () => {
  const { projectNumber } = test.cloud.project("demo-runtime");
  expect((await ask("project/project-id")).body).toBe("demo-runtime");
  expect((await ask("instance/region")).body).toBe(
    `projects/${projectNumber}/regions/europe-west4`,
  );
  const account = await ask(
    "instance/service-accounts/default/?recursive=true",
  );
  expect(JSON.parse(account.body)).toMatchObject({ email: ACCOUNT });
});

it("answers only to those who know what they ask", async () => {
  expect(
    (await ask("project/project-id", { "Metadata-Flavor": "" })).status,
  ).toBe(403);
  expect((await ask("no/such/thing")).status).toBe(404);
});

it("gives no token of an account that was disabled", async () => {
  const account = test.cloud.serviceAccount(ACCOUNT);
  if (account !== undefined) account.disabled = true;
  const { status } = await ask("instance/service-accounts/default/token");
  if (account !== undefined) account.disabled = false;
  expect(status).toBe(404);
});
