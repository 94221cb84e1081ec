import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGemini } from "../../../emulator/apis/gemini/server.ts";
import { startToolServer } from "../../../emulator/apis/cloud-build/tool-server.ts";
import { DEVELOPER, startEmulator } from "../../../emulator/emulator.ts";
import { startMetadataServer } from "../../../emulator/machine/metadata.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../support/emulator.ts";
import { callRest } from "../../support/rest.ts";
import { startTestRuntime } from "../../support/runtime.ts";

const SECRETS = "/v1/projects/demo-litellm/secrets";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
  emulator.cloud
    .project("demo-litellm")
    .enabledApis.add("secretmanager.googleapis.com");
});
afterAll(() => emulator.close());

/** As a browser sends it that takes `Host` for the page's own, or that says which page asks. */
async function ask(
  url: string,
  headers: Record<string, string>,
  options: { method?: string; body?: string; target?: string } = {},
): Promise<{ status: number; body: string }> {
  const { method = "GET", body = "", target } = options;
  const sent = request(url, {
    method,
    headers,
    ...(target !== undefined && { path: target }),
  });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}

const withToken = (headers: Record<string, string> = {}) => ({
  authorization: `Bearer ${emulator.cloud.newAccessToken(DEVELOPER)}`,
  ...headers,
});

/** What a page at evil.example can make a browser send. */
const FOREIGN: [string, Record<string, string>][] = [
  ["a name that was rebound to loopback", { host: "evil.example:8080" }],
  ["another port", { host: "127.0.0.1:1" }],
  ["a name that only begins like loopback", { host: "127.0.0.1.evil.example" }],
  ["one of Google's hosts", { host: "secretmanager.googleapis.com" }],
  ["another origin", { origin: "http://evil.example" }],
  ["another origin on loopback", { origin: "http://127.0.0.1:3000" }],
  ["a page without an origin", { origin: "null" }],
  ["a form or an image of another site", { "sec-fetch-site": "cross-site" }],
  ["a page of another port", { "sec-fetch-site": "same-site" }],
];

describe("the emulator's own port", () => {
  it.each(FOREIGN)("answers nothing to %s", async (_what, headers) => {
    const url = `${emulator.url}${SECRETS}`;
    const { status, body } = await ask(url, withToken(headers));
    expect(status).toBe(403);
    expect(body).toMatch(
      /^The emulated Google Cloud refuses this request\. It answers /,
    );
    expect(body).not.toContain("secrets");
  });

  it("says in its log whom it refused", async () => {
    await ask(emulator.url, { host: "evil.example" });
    expect(emulator.lines.at(-1)).toMatch(
      /^GET \/ 403 It answers at 127\.0\.0\.1:\d+, not for the host "evil\.example"\.$/,
    );
  });

  it.each([
    { host: `localhost` },
    { origin: "own" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "same-origin" },
  ])("answers what is its own: %j", async (headers) => {
    const own = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value
          .replace("localhost", `localhost:${emulator.port}`)
          .replace("own", emulator.url),
      ]),
    );
    const { status } = await ask(`${emulator.url}${SECRETS}`, withToken(own));
    expect(status).toBe(200);
  });

  it("takes a path for a path, whatever host it looks like", async () => {
    const target = "//secretmanager.googleapis.com/v1/projects";
    const { status } = await ask(emulator.url, withToken(), { target });
    expect(status).toBe(501);
  });

  it("as a proxy answers no page either", async () => {
    const target = `http://secretmanager.googleapis.com${SECRETS}`;
    const asked = (headers: Record<string, string>) =>
      ask(emulator.url, withToken(headers), { target });
    expect((await asked({})).status).toBe(200);
    expect((await asked({ origin: "http://evil.example" })).status).toBe(403);
  });
});

describe("every other port", () => {
  it("of a service's URL answers its own host only, and leaves origins to the container", async () => {
    const test = await startTestRuntime();
    const frontEnd = await test.runtime.listen(() => ({
      backends: [],
      mayInvoke: undefined,
      audiences: [],
    }));
    const statusOf = async (headers: Record<string, string>) =>
      (await ask(frontEnd.url, headers)).status;
    expect(await statusOf({})).toBe(404);
    expect(await statusOf({ origin: "http://chat.example" })).toBe(404);
    expect(await statusOf({ host: "evil.example" })).toBe(403);
    expect(test.lines.at(-1)).toContain('not for the host "evil.example"');
    await test.runtime.close();
  });

  it("of Gemini and of the metadata server answers nobody else", async () => {
    const gemini = await startGemini(emulator.cloud, () => undefined);
    const metadata = await startMetadataServer(emulator.cloud, {
      projectId: "demo-litellm",
      region: "us-central1",
      serviceAccount: "runner@demo-litellm.iam.gserviceaccount.com",
    });
    const path = "/computeMetadata/v1/project/project-id";
    const google = { "metadata-flavor": "Google" };
    for (const [url, own] of [
      [`${gemini.url}/nothing`, 501],
      [`http://${metadata.host}${path}`, 200],
    ] as const) {
      expect((await ask(url, google)).status).toBe(own);
      for (const [, headers] of FOREIGN) {
        expect((await ask(url, { ...google, ...headers })).status).toBe(403);
      }
    }
    await Promise.all([gemini.close(), metadata.close()]);
  });

  it("of a build's tools answers the build's steps", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "tools-"));
    const asked: string[] = [];
    const tools = await startToolServer(directory, (tool) => {
      asked.push(tool);
      return Promise.resolve({ exitCode: 0, stdout: "done", stderr: "" });
    });
    const command = await readFile(path.join(directory, "docker"), "utf8");
    const url = /http:\/\/127[^']+/.exec(command)?.[0] ?? "";
    const body = JSON.stringify({ tool: "docker", args: [] });
    const call = (address: string, headers = {}) =>
      ask(address, headers, { method: "POST", body });
    expect((await call(new URL(url).origin)).status).toBe(403);
    expect((await call(url, { host: "evil.example" })).status).toBe(403);
    expect((await call(url, { origin: "http://evil.example" })).status).toBe(
      403,
    );
    expect(asked).toEqual([]);
    expect((await call(url)).body).toContain("done");
    await tools.close();
    await rm(directory, { recursive: true });
  });
});

describe("without a token of this start", () => {
  it.each([
    ["PUT", "/emulator/gemini/faults"],
    ["GET", "/emulator/gemini/faults"],
    ["POST", "/emulator/cloud-build/push"],
    ["POST", "/v1/projects/demo-litellm/locations/us-central1/builds"],
    ["GET", SECRETS],
  ])("%s %s is refused", async (method, target) => {
    for (const headers of [{}, { authorization: "Bearer ya29.made-up" }]) {
      const answer = await ask(`${emulator.url}${target}`, headers, { method });
      expect(answer.status).toBe(401);
    }
  });

  it("an earlier start's login and access token are worth nothing", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "login-"));
    const earlier = await startEmulator();
    const env = earlier.environment(directory);
    const token = earlier.cloud.newAccessToken(DEVELOPER);
    await earlier.close();
    const login = JSON.parse(
      await readFile(env.CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE ?? "", "utf8"),
    ) as { refresh_token: string };
    const exchanged = await ask(
      `${emulator.url}/token`,
      { "content-type": "application/x-www-form-urlencoded" },
      {
        method: "POST",
        body: `grant_type=refresh_token&refresh_token=${encodeURIComponent(login.refresh_token)}`,
      },
    );
    expect(exchanged.status).toBe(400);
    expect(exchanged.body).toContain("invalid_grant");
    const { status } = await callRest(emulator, "GET", SECRETS, undefined, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(status).toBe(401);
    await rm(directory, { recursive: true });
  });
});
