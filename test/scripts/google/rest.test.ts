import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import type { GcloudContext } from "../../../scripts/lib/google/context.ts";
import {
  type ReadApi,
  createApiReader,
} from "../../../scripts/lib/google/rest.ts";
import { createSend } from "../../../scripts/lib/google/send.ts";
import {
  type BreakingProxy,
  breakFirst,
  startBreakingProxy,
} from "../../support/breaking-proxy.ts";
import {
  type TestServer,
  sendJson,
  startServer,
} from "../../support/servers.ts";

const CALL = { api: "run", path: "v1/x" } as const;

let google: TestServer;
let proxy: BreakingProxy;

beforeEach(async () => {
  google = await startServer((_, response) => {
    sendJson(response, 200, { ok: true });
  });
  proxy = await startBreakingProxy();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([google.close(), proxy.close()]);
});

function throughProxy(): GcloudContext {
  return {
    accessToken: new SecretValue("ya29.token"),
    identityToken: undefined,
    properties: {
      api_endpoint_overrides: { run: `${google.url}/` },
      proxy: { type: "http", address: "127.0.0.1", port: String(proxy.port) },
    },
  };
}

function reader(): ReadApi {
  return createApiReader(throughProxy(), "my-project");
}

describe("a read", () => {
  test.each([408, 409, 429, 500, 502, 503, 504])(
    "is sent again after %i",
    async (status) => {
      proxy.breakWith(breakFirst(1, /GET/, { status }));
      await expect(reader()(CALL)).resolves.toEqual({ ok: true });
      expect(proxy.seen).toHaveLength(2);
    },
  );

  test.each(["reset", "half"] as const)(
    "is sent again after a connection that broke (%s)",
    async (fault) => {
      proxy.breakWith(breakFirst(2, /GET/, fault));
      await expect(reader()(CALL)).resolves.toEqual({ ok: true });
      expect(proxy.seen).toHaveLength(3);
    },
  );

  test("that is sent by POST is sent again with its body", async () => {
    proxy.breakWith(breakFirst(1, /POST/, { status: 503 }));
    await reader()({ ...CALL, body: { options: 3 } });
    expect(google.requests.map(({ body }) => body)).toEqual(['{"options":3}']);
  });

  test("that nobody answers is ended and sent again", async () => {
    proxy.breakWith(breakFirst(1, /GET/, "hang"));
    const send = createSend(throughProxy(), { callSeconds: 0.3 });
    const request = { method: "GET", headers: {}, repeatable: true };
    const answer = await send(new URL(google.url), request);
    expect(answer.status).toBe(200);
    expect(proxy.seen).toHaveLength(2);
  });

  test.each([400, 403, 501])("is not sent again after %i", async (status) => {
    proxy.breakWith(() => ({ status }));
    await expect(reader()(CALL)).rejects.toThrow(`failed (${String(status)} `);
    expect(proxy.seen).toHaveLength(1);
  });

  test("waits as long as it is asked to", async () => {
    const headers = { "retry-after": "1" };
    proxy.breakWith(breakFirst(1, /GET/, { status: 429, headers }));
    const began = performance.now();
    await reader()(CALL);
    expect(performance.now() - began).toBeGreaterThan(990);
  });

  test("does not wait for what is asked beyond the time that it has", async () => {
    const headers = {
      "retry-after": new Date(Date.now() + 3_600_000).toUTCString(),
    };
    proxy.breakWith(() => ({ status: 503, headers }));
    await expect(reader()(CALL)).rejects.toThrow(
      "failed (503 UNAVAILABLE): The service is currently unavailable.",
    );
    expect(proxy.seen).toHaveLength(1);
  });

  test("gives up after GOOGLE_RETRY_SECONDS, with what Google said", async () => {
    vi.stubEnv("GOOGLE_RETRY_SECONDS", "1");
    proxy.breakWith(() => ({ status: 503 }));
    const began = performance.now();
    await expect(reader()(CALL)).rejects.toThrow("failed (503 UNAVAILABLE)");
    expect(performance.now() - began).toBeLessThan(1500);
    expect(proxy.seen.length).toBeGreaterThan(1);
  });

  test("is sent once with GOOGLE_RETRY_SECONDS=0", async () => {
    vi.stubEnv("GOOGLE_RETRY_SECONDS", "0");
    proxy.breakWith(() => "reset");
    await expect(reader()(CALL)).rejects.toThrow(
      /^127.0.0.1:\d+ cannot be reached: (ECONNRESET|UND_ERR_SOCKET)$/,
    );
    expect(proxy.seen).toHaveLength(1);
  });

  test("is not begun where GOOGLE_RETRY_SECONDS is no number", () => {
    vi.stubEnv("GOOGLE_RETRY_SECONDS", "1m");
    expect(reader).toThrow(
      "GOOGLE_RETRY_SECONDS=1m: expected whole seconds, 0 to 86400",
    );
  });

  test("says so where a login page answers in Google's place", async () => {
    await google.close();
    google = await startServer((_, response) => response.end("<html>Log in"));
    await expect(reader()(CALL)).rejects.toThrow("is not JSON");
  });
});

test("what changes something is sent once", async () => {
  proxy.breakWith(() => ({ status: 503 }));
  const send = createSend(throughProxy());
  const request = { method: "POST", headers: {}, repeatable: false };
  const answer = await send(new URL(google.url), request);
  expect(answer.status).toBe(503);
  expect(proxy.seen).toHaveLength(1);
});
