import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProxyAgent, request } from "undici";
import { startEmulator } from "../../../emulator/emulator.ts";
import { ensureLitellm } from "../../../emulator/machine/litellm/environment.ts";
import { newRefreshToken } from "../../../emulator/core/identity.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../support/emulator.ts";
import { callRest } from "../../support/rest.ts";

let emulator: TestEmulator;
let proxy: ProxyAgent;
beforeAll(async () => {
  emulator = await startTestEmulator();
  emulator.cloud.enableApi(
    emulator.cloud.project("demo-litellm"),
    "billingbudgets.googleapis.com",
  );
  proxy = new ProxyAgent({ uri: emulator.url, proxyTunnel: false });
});
afterAll(async () => {
  await proxy.close();
  await emulator.close();
});

const PROJECT = "/v1/projects/demo-litellm";

async function throughProxy(url: string, token?: string) {
  const headers =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await request(url, { dispatcher: proxy, headers });
  const body = (await answer.body.json()) as { error?: { message: string } };
  return { status: answer.statusCode, body };
}

describe("a request through the proxy", () => {
  it("reaches the API of its host", async () => {
    const token = emulator.cloud.newAccessToken("user:developer@example.com");
    const { status, body } = await throughProxy(
      `http://cloudresourcemanager.googleapis.com${PROJECT}`,
      token,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ projectId: "demo-litellm" });
  });

  it("to a host that no API has is a 501 naming the host", async () => {
    const { status, body } = await throughProxy("http://example.com/");
    expect(status).toBe(501);
    expect(body.error?.message).toBe(
      "The emulated Google Cloud does not cover the host example.com.",
    );
  });

  it("to a method that is not covered is a 501 naming it", async () => {
    const { status, body } = await throughProxy(
      "http://iam.googleapis.com/v1/roles",
    );
    expect(status).toBe(501);
    expect(body.error?.message).toBe(
      "The emulated Google Cloud does not cover GET iam.googleapis.com/v1/roles.",
    );
  });

  it("does not reach another API's path by way of the wrong host", async () => {
    const { status } = await throughProxy(
      `http://iam.googleapis.com${PROJECT}`,
    );
    expect(status).toBe(501);
  });

  it("for a tunnel is refused, so that nothing leaves the machine", async () => {
    const tunnel = new ProxyAgent(emulator.url);
    await expect(
      request("https://storage.googleapis.com/", { dispatcher: tunnel }),
    ).rejects.toThrow(/403/);
    await tunnel.close();
    expect(emulator.lines).toContain("CONNECT storage.googleapis.com:443 403");
  });

  it("for a tunnel is refused with the reason where clients show it", async () => {
    const command = ["compute", "zones", "list", "--project=demo-litellm"];
    const { stderr, exitCode } = await emulator.gcloud(command);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "403 compute.googleapis.com:443 is not covered by the rehearsal",
    );
  });

  // The client libraries in LiteLLM's environment: what a container's program calls with.
  it.each([
    ["httpx", "import httpx; httpx.get('https://example.com/', proxy=PROXY)"],
    [
      "requests",
      "import requests; requests.get('https://example.com/', proxies={'https': PROXY})",
    ],
    [
      "aiohttp",
      [
        "import aiohttp, asyncio",
        "async def get():",
        "    async with aiohttp.ClientSession() as session:",
        "        await session.get('https://example.com/', proxy=PROXY)",
        "asyncio.run(get())",
      ].join("\n"),
    ],
  ])("for a tunnel is refused with the reason in %s", async (_name, code) => {
    const { python } = await ensureLitellm(() => undefined);
    const program = `PROXY = "${emulator.url}"\n${code}`;
    const { stderr } = await emulator.run(python, ["-c", program]);
    expect(stderr).toContain(
      "example.com:443 is not covered by the rehearsal in the emulated Google Cloud",
    );
  });
});

describe("a tunnel to an API that gcloud has no endpoint for", () => {
  const url =
    "https://billingbudgets.googleapis.com/v1/billingAccounts/000000-000000-000001/budgets?scope=projects/demo-litellm";

  /** With the certificates in a file, or those that Node trusts by itself. */
  async function throughTunnel(file?: string, headers = {}) {
    const dispatcher = new ProxyAgent({
      uri: emulator.url,
      ...(file !== undefined && { requestTls: { ca: readFileSync(file) } }),
    });
    const token = emulator.cloud.newAccessToken("user:developer@example.com");
    try {
      const answer = await request(url, {
        dispatcher,
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
      return { status: answer.statusCode, body: await answer.body.text() };
    } finally {
      await dispatcher.close();
    }
  }

  it("is answered, logged and recorded as any other request", async () => {
    const { status, body } = await throughTunnel(trusted(emulator.env));
    expect({ status, body }).toEqual({ status: 200, body: "{}" });
    expect(emulator.exchanges.at(-1)).toMatchObject({
      api: "billingbudgets.googleapis.com",
      host: "billingbudgets.googleapis.com",
      caller: "user:developer@example.com",
      status: 200,
    });
    expect(emulator.lines.at(-1)).toMatch(
      /^GET billingbudgets\.googleapis\.com\/v1\/.+ 200 \d+ms user:/,
    );
  });

  it("is trusted by nobody who was not told of the authority", async () => {
    await expect(throughTunnel()).rejects.toThrow(/certificate/);
  });

  it("leads to no other host", async () => {
    const file = trusted(emulator.env);
    const { status, body } = await throughTunnel(file, {
      host: "iam.googleapis.com",
    });
    expect(status).toBe(403);
    expect(body).toContain(
      'The tunnel does not lead to the host "iam.googleapis.com".',
    );
  });

  it("is answered to no page of the web", async () => {
    const { status } = await throughTunnel(trusted(emulator.env), {
      origin: "https://evil.example",
    });
    expect(status).toBe(403);
  });

  it("has an authority of its own each start, over that of an earlier one, and shows no key", async () => {
    const other = await startEmulator();
    const directory = emulator.env.CLOUDSDK_CONFIG ?? "";
    const before = readFileSync(trusted(emulator.env), "utf8");
    const file = trusted(other.environment(directory));
    const after = readFileSync(file, "utf8");
    await other.close();
    expect(file).toBe(trusted(emulator.env));
    expect(after).not.toBe(before);
    expect(after.match(/BEGIN [A-Z ]+/g)).toEqual(["BEGIN CERTIFICATE"]);
    await expect(throughTunnel(file)).rejects.toThrow(/certificate|signature/);
    emulator.environment(directory);
    expect((await throughTunnel(file)).status).toBe(200);
  });

  function trusted(env: Record<string, string>): string {
    return env.CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE ?? "";
  }
});

describe("a request to the emulator's own address", () => {
  it("goes to the API that has its path", async () => {
    const { status, body } = await callRest(emulator, "GET", PROJECT);
    expect(status).toBe(200);
    expect(body).toMatchObject({ projectId: "demo-litellm" });
  });

  it("that no API covers is a 501 naming method and path", async () => {
    const { status, message } = await callRest(emulator, "PUT", "/v9/things");
    expect(status).toBe(501);
    expect(message).toContain("does not cover PUT /v9/things.");
  });
});

describe("a caller", () => {
  it("without a token is refused in Google's words", async () => {
    const answer = await fetch(`${emulator.url}${PROJECT}`);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain(
      "Request is missing required authentication credential.",
    );
  });

  it("with a token that nobody was given is refused", async () => {
    const { status, message } = await callRest(
      emulator,
      "GET",
      PROJECT,
      undefined,
      { headers: { authorization: "Bearer ya29.made-up" } },
    );
    expect(status).toBe(401);
    expect(message).toMatch(/^Request had invalid authentication credentials/);
  });

  it("gets a token and an identity for the refresh token of its login", async () => {
    const answer = await fetch(`${emulator.url}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: newRefreshToken(
          emulator.cloud,
          "user:other@example.com",
        ),
      }),
    });
    const body = (await answer.json()) as {
      access_token: string;
      id_token: string;
    };
    expect(emulator.cloud.accessTokens.get(body.access_token)).toBe(
      "user:other@example.com",
    );
    const [, payload = ""] = body.id_token.split(".");
    expect(
      JSON.parse(Buffer.from(payload, "base64url").toString()),
    ).toMatchObject({
      email: "other@example.com",
      iss: "https://accounts.google.com",
    });
  });

  it("with another refresh token gets none", async () => {
    const answer = await fetch(`${emulator.url}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: "1//stolen",
      }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: "invalid_grant" });
  });

  it("who bills a project that is not there is refused", async () => {
    const { status, message } = await callRest(
      emulator,
      "GET",
      PROJECT,
      undefined,
      { headers: { "x-goog-user-project": "someone-elses" } },
    );
    expect(status).toBe(403);
    expect(message).toMatch(
      /^Caller does not have required permission to use project someone-elses\. Grant the caller the roles\/serviceusage\.serviceUsageConsumer role/,
    );
  });
});

describe("the record of a request", () => {
  it("holds method, host, path, caller, status and both bodies, and one line", async () => {
    const path = "/v1/projects/demo-litellm:testIamPermissions";
    const sent = { permissions: ["resourcemanager.projects.get"] };
    await callRest(emulator, "POST", path, sent);
    const exchange = emulator.exchanges.at(-1);
    expect(exchange).toMatchObject({
      api: "cloudresourcemanager.googleapis.com",
      method: "POST",
      host: new URL(emulator.url).host,
      path,
      caller: "user:developer@example.com",
      status: 200,
      requestBody: JSON.stringify(sent),
      responseBody: JSON.stringify(sent),
    });
    expect(emulator.lines.at(-1)).toMatch(
      /^POST 127\.0\.0\.1:\d+\/v1\/projects\/demo-litellm:testIamPermissions 200 \d+ms user:developer@example\.com$/,
    );
  });
});

describe("the emulator", () => {
  it("lets go of its port when it is closed", async () => {
    const first = await startEmulator();
    await first.close();
    const second = await startEmulator({ port: first.port });
    expect(second.port).toBe(first.port);
    await second.close();
  });

  it("answers callers on the environment of their own", async () => {
    const env = emulator.envFor("user:second@example.com");
    const { stdout } = await emulator.run(
      "gcloud",
      ["auth", "print-access-token"],
      { env },
    );
    expect(emulator.cloud.accessTokens.get(stdout.trim())).toBe(
      "user:second@example.com",
    );
  });
});
