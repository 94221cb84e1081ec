import type { ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { UserError } from "../../../scripts/lib/cli/errors.ts";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import type { Call } from "../../../scripts/lib/load/call.ts";
import { startLoad } from "../../../scripts/lib/load/generate.ts";
import { createSend } from "../../../scripts/lib/load/send-call.ts";
import { summarize } from "../../../scripts/lib/load/statistics.ts";
import {
  type TestServer,
  sendJson,
  startServer,
} from "../../support/servers.ts";

const KEY = "sk-this-is-the-master-key";
let server: TestServer;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = await startServer((_request, response) => {
    answer(response);
  });
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

async function load(
  calls: number,
  { stream = false, identity = () => Promise.resolve("an-identity") } = {},
): Promise<readonly Call[]> {
  const target = {
    url: server.url,
    model: "gemini-x",
    stream,
    masterKey: new SecretValue(KEY),
    identity: async () => new SecretValue(await identity()),
    fetch,
  };
  const origin = performance.now();
  const clock = {
    now: () => performance.now() - origin,
    sleep: (milliseconds: number) => setTimeout(milliseconds),
  };
  const bounds = { concurrency: 2, seconds: 30, calls };
  const run = startLoad(bounds, createSend(target, clock.now), clock);
  await run.done;
  return run.calls;
}

const chunk = (delta: object): string =>
  `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`;

test("every call asks for another text, with the key and an identity, and is answered", async () => {
  answer = (response) => {
    sendJson(response, 200, { choices: [{ message: { content: "yes" } }] });
  };
  const calls = await load(3);
  expect(calls.map(({ failure }) => failure)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for (const { started, first, ended } of calls) {
    expect(first).toBeGreaterThan(started);
    expect(ended).toBeGreaterThanOrEqual(first ?? Infinity);
  }
  const [request] = server.requests;
  expect(request).toMatchObject({
    method: "POST",
    path: "/v1/chat/completions",
    headers: {
      authorization: `Bearer ${KEY}`,
      "x-serverless-authorization": "Bearer an-identity",
      "user-agent": "litellm-cloudrun-load",
    },
  });
  expect(new Set(server.requests.map(({ body }) => body)).size).toBe(3);
});

test("a stream's first token is one with text in it, and without its end it has failed", async () => {
  const writes = [
    ": a ping\n\n" + chunk({ role: "assistant", content: "" }),
    // Cut in the middle of a line, as a network may do.
    chunk({ content: "hel" }).slice(0, 20),
    chunk({ content: "hel" }).slice(20) + chunk({ content: "lo" }),
  ];
  const write = async (response: ServerResponse, end: string) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const text of writes) {
      response.write(text);
      await setTimeout(40);
    }
    response.end(end);
  };
  answer = (response) => void write(response, "data: [DONE]\n\n");
  const [whole] = await load(1, { stream: true });
  expect(whole?.failure).toBeUndefined();
  expect((whole?.first ?? 0) - (whole?.started ?? 0)).toBeGreaterThan(70);
  expect((whole?.ended ?? 0) - (whole?.first ?? 0)).toBeGreaterThan(30);
  answer = (response) => void write(response, "");
  const [cut] = await load(1, { stream: true });
  expect(cut?.failure).toMatchObject({ kind: "cut-stream", status: 200 });
  const error = { message: "litellm.RateLimitError: no more", code: "429" };
  answer = (response) =>
    void write(response, `data: ${JSON.stringify({ error })}\n\n`);
  const [refused] = await load(1, { stream: true });
  expect(refused?.failure).toMatchObject({ kind: "quota", status: 429 });
});

test("each kind of failure is told apart, once, in the words of who answered, without the key", async () => {
  const answers: ((response: ServerResponse) => void)[] = [
    (response) => {
      response.writeHead(429, { "content-type": "text/html" });
      response.end("<html><h1>Rate exceeded.</h1></html>");
    },
    (response) => {
      const message = `litellm.RateLimitError: quota, called with ${KEY}`;
      sendJson(response, 429, { error: { message, code: "429" } });
    },
    (response) => {
      sendJson(response, 503, {
        error: { message: "too many", type: "overloaded_error" },
      });
    },
    (response) => response.destroy(),
    (response) => {
      response.end("I am no JSON");
    },
  ];
  answer = (response) => answers[server.requests.length % 5]?.(response);
  const { failures, failed } = summarize(await load(10));
  expect(failed).toBe(10);
  expect(
    failures
      .map(({ kind, status, count }) => `${count} ${status} ${kind}`)
      .toSorted(),
  ).toEqual([
    "2 200 unexpected",
    "2 429 no-instance",
    "2 429 quota",
    "2 503 gateway-overload",
    "2 undefined lost-connection",
  ]);
  expect(JSON.stringify(failures)).toContain("Rate exceeded.");
  expect(JSON.stringify(failures)).not.toContain(KEY);
});

test("without an identity nothing is sent, and that is the failure", async () => {
  const identity = () => Promise.reject(new UserError("gcloud has no login"));
  const [call] = await load(1, { identity });
  expect(call?.failure).toEqual({
    kind: "invoker-refused",
    words: "gcloud has no login",
  });
  expect(server.requests).toEqual([]);
});
