import { request as ask } from "node:http";
import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import { keepIdentity } from "../../../scripts/lib/connect/identity.ts";
import { startProxy } from "../../../scripts/lib/connect/proxy.ts";
import {
  type TestRequest,
  type TestServer,
  startServer,
} from "../../support/servers.ts";

let service: TestServer;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let answer: (request: TestRequest, response: ServerResponse) => void;
let identity = "first";
const lines: string[] = [];

beforeAll(async () => {
  service = await startServer((request, response) => {
    answer(request, response);
  });
  proxy = await startProxy({
    port: 0,
    target: service.url,
    fetch,
    identity: () => Promise.resolve(new SecretValue(identity)),
    log: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await proxy.close();
  await service.close();
});

const port = (): number => Number(new URL(proxy.url).port);

/** With any Host and Origin, which fetch would not send. */
async function send(
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const path = "/v1/models?x=1";
    const sent = ask({ port: port(), path, headers }, (response) => {
      const status = response.statusCode ?? 0;
      text(response).then((body) => {
        resolve({ status, body });
      }, reject);
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("a request goes on as it is, with today's identity and no other", async () => {
  let seen: TestRequest | undefined;
  answer = (request, response) => {
    seen = request;
    response.writeHead(418, { "x-litellm-version": "1" });
    response.end("short and stout");
  };
  const sent = await fetch(`${proxy.url}/v1/messages?beta=true`, {
    method: "POST",
    headers: {
      authorization: "Bearer sk-key",
      "x-serverless-authorization": "Bearer of the client",
      "anthropic-beta": "a,b",
    },
    body: "{}",
  });
  expect(sent.status).toBe(418);
  expect(sent.headers.get("x-litellm-version")).toBe("1");
  expect(await sent.text()).toBe("short and stout");
  expect(seen).toMatchObject({ method: "POST", body: "{}" });
  expect(seen?.headers).toMatchObject({
    host: new URL(service.url).host,
    authorization: "Bearer sk-key",
    "x-serverless-authorization": "Bearer first",
    "anthropic-beta": "a,b",
  });
  identity = "second";
  await fetch(proxy.url);
  expect(seen?.headers["x-serverless-authorization"]).toBe("Bearer second");
});

test("a stream arrives as it is made, and ends upstream when its reader leaves", async () => {
  const left = Promise.withResolvers<undefined>();
  answer = (_, response) => {
    response.on("close", () => {
      left.resolve(undefined);
    });
    response.write("data: first\n\n");
  };
  const reader = new AbortController();
  const stream = await fetch(proxy.url, { signal: reader.signal });
  const chunks = stream.body?.getReader();
  const first = await chunks?.read();
  expect(new TextDecoder().decode(first?.value as Uint8Array | undefined)).toBe(
    "data: first\n\n",
  );
  reader.abort();
  await left.promise;
});

test("a page of a browser is refused, by its own name or its origin", async () => {
  answer = (_, response) => {
    response.end("reached");
  };
  const host = `127.0.0.1:${port()}`;
  expect((await send({ host })).body).toBe("reached");
  const own = { host, origin: `http://${host}` };
  expect((await send(own)).body).toBe("reached");
  const refused = [
    { host: `evil.example:${port()}` },
    { host, origin: "https://evil.example" },
    { host, origin: "null" },
  ];
  for (const headers of refused) {
    expect(await send(headers)).toMatchObject({ status: 403 });
  }
});

test("a service that is gone is told, without the identity", async () => {
  answer = (_, response) => {
    response.destroy();
  };
  const broken = await fetch(`${proxy.url}/v1/models`);
  expect(broken.status).toBe(502);
  expect(await broken.text()).toContain("connect --proxy: not forwarded");
  expect(lines.at(-1)).toContain("GET /v1/models: ");
  expect(lines.join()).not.toContain(identity);
});

test("a port that is taken is wrong input", async () => {
  const taken = startProxy({
    port: port(),
    target: service.url,
    fetch,
    identity: () => Promise.resolve(new SecretValue("x")),
    log: () => undefined,
  });
  await expect(taken).rejects.toMatchObject({
    exitCode: 2,
    hint: expect.stringContaining("--port=4001") as string,
  });
});

test("an identity is read again before it ends, once for all who wait", async () => {
  let clock = 0;
  let reads = 0;
  const read = (): Promise<SecretValue> => {
    reads += 1;
    const iat = clock / 1000;
    const claims = JSON.stringify({ iat, exp: iat + 3600, reads });
    const payload = Buffer.from(claims).toString("base64url");
    return Promise.resolve(new SecretValue(`head.${payload}.signature`));
  };
  const held = keepIdentity(read, () => clock);
  await Promise.all([held(), held(), held()]);
  clock = 3_299_000;
  await held();
  expect(reads).toBe(1);
  clock = 3_300_000;
  await Promise.all([held(), held()]);
  expect(reads).toBe(2);
});
