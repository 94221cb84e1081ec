import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Protocol } from "../../../scripts/lib/verify/protocol.ts";
import type { CheckResult } from "../../../scripts/lib/verify/target.ts";
import { verifyProtocol } from "../../../scripts/lib/verify/verify-gateway.ts";
import {
  type LitellmDouble,
  sendError,
  startLitellmDouble,
} from "../../support/litellm-double.ts";
import { sendJson } from "../../support/servers.ts";
import { failuresOf, makeTarget, verify } from "./target.ts";

// What is wrong in a client's protocol. That it is right, the real LiteLLM shows (litellm.test.ts).

let gateway: LitellmDouble;
beforeAll(async () => {
  gateway = await startLitellmDouble();
});
afterEach(() => {
  gateway.intrude(() => false);
});
afterAll(() => gateway.close());

/** Each request for a model is answered with this. */
function answer(body: object | string): void {
  gateway.intrude(({ method, path }, response) => {
    if (method !== "POST") return false;
    if (typeof body === "string") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(body);
    } else if (path.endsWith("count_tokens")) sendJson(response, 200, {});
    else sendJson(response, 200, body);
    return true;
  });
}

async function failures(
  protocol: Protocol,
): Promise<Record<string, CheckResult>> {
  const target = makeTarget(gateway.url);
  const report = await verifyProtocol(target, protocol, ["argon"], {
    settleSeconds: 0,
    firstRetryMilliseconds: 1,
  });
  return Object.fromEntries(
    failuresOf(report).map((result) => [result.check, result]),
  );
}

test("a model that talks where it was to call a tool, or to fit a schema", async () => {
  const message = { role: "assistant", content: "The weather is fine." };
  answer({ choices: [{ index: 0, message, finish_reason: "stop" }] });
  const found = await failures("chat");
  expect(Object.keys(found)).toEqual(["tool-forced", "tool-turn", "schema"]);
  expect(found["tool-turn"]?.detail).toContain("no call of get_weather");
  expect(found["tool-turn"]?.hint).toContain("vertex_ai/gemini-4-argon");
  expect(found.schema?.detail).toContain("does not fit the schema");
});

test("a call without the arguments of the schema", async () => {
  const call = {
    id: "1",
    type: "function",
    function: { name: "get_weather", arguments: "{}" },
  };
  const message = { role: "assistant", content: null, tool_calls: [call] };
  answer({ choices: [{ index: 0, message, finish_reason: "tool_calls" }] });
  const found = await failures("chat");
  expect(found["tool-forced"]?.detail).toContain("arguments of its schema");
});

test("numbers where base64 was asked for are told, and no deploy tells it each time", async () => {
  const hintOf = async (protocols: Protocol[]) => {
    const report = await verify(makeTarget(gateway.url), { protocols });
    expect(failuresOf(report)).toEqual([]);
    return report.results.find(({ check }) => check === "embeddings")?.hint;
  };
  expect(await hintOf(["chat"])).toContain('encoding_format: "float"');
  expect(await hintOf([])).toBeUndefined();

  gateway.intrude(({ path }, response) => {
    if (!path.endsWith("/embeddings")) return false;
    const embedding = Buffer.from(new Float32Array([0.5, 1]).buffer);
    const data = [{ embedding: embedding.toString("base64") }];
    sendJson(response, 200, { data });
    return true;
  });
  expect(await hintOf(["chat"])).toBeUndefined();
});

test("what LiteLLM does not say of a model is not asked of it", async () => {
  const report = await verify(makeTarget(gateway.url), { protocols: ["chat"] });
  const skipped = report.results.filter((result) => result.skipped);
  expect(skipped.map(({ check }) => check)).toContain("image");
  expect(skipped.map(({ detail }) => detail)).toContain(
    "not tried: LiteLLM does not say supports_vision of it",
  );
  expect(failuresOf(report)).toEqual([]);
});

test("streams that end early, in each protocol", async () => {
  answer('data: {"type":"x"}\n\ndata: {"type":"y"}\n\n');
  const responses = await failures("responses");
  expect(responses.responses?.detail).toBe("the answer is not JSON");
  expect(responses["responses-stream"]?.detail).toContain("response.completed");
  const messages = await failures("messages");
  expect(messages["messages-stream"]?.detail).toContain("message_stop");
  answer(": ping\n\n");
  const gemini = await failures("gemini");
  expect(gemini["gemini-stream"]?.detail).toBe("the stream has 0 events");
});

test("an error in a stream is told as the model's own", async () => {
  const error = { message: "RESOURCE_EXHAUSTED", type: "rate_limit_error" };
  answer(`data: ${JSON.stringify({ type: "error", error })}\n\n`);
  const { "messages-stream": stream } = await failures("messages");
  expect(stream?.hint).toContain("busy or over quota");
});

test("an answer without text or count, and a refused key, are failures", async () => {
  answer({ content: [], stop_reason: "end_turn" });
  const found = await failures("messages");
  expect(found.messages?.detail).toContain("an empty answer");
  expect(found["count-tokens"]?.detail).toBe("no count in the answer");
  gateway.intrude(({ method }, response) => {
    if (method !== "POST") return false;
    sendError(response, 400, "no_db_connection", "No connected db.");
    return true;
  });
  const refused = await failures("gemini");
  expect(refused.gemini?.hint).toContain("another master key");
});
