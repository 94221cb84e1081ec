import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ANTHROPIC_PATH,
  anthropicRoutes,
} from "../../../../emulator/apis/anthropic/routes.ts";
import {
  anthropicOf,
  newAnthropicKey,
} from "../../../../emulator/apis/anthropic/state.ts";
import {
  type GeminiServer,
  startGemini,
} from "../../../../emulator/apis/gemini/server.ts";
import { Cloud } from "../../../../emulator/core/cloud.ts";

let server: GeminiServer;
let key: string;

beforeAll(async () => {
  const cloud = new Cloud();
  server = await startGemini(cloud, () => undefined, [anthropicRoutes(cloud)]);
  key = newAnthropicKey(anthropicOf(cloud));
});

afterAll(() => server.close());

function post(
  body: object,
  headers: Record<string, string> = {},
  call = "messages",
): Promise<Response> {
  return fetch(`${server.url}${ANTHROPIC_PATH}/v1/${call}`, {
    method: "POST",
    headers: {
      "x-api-key": key,
      "anthropic-version": "2023-06-01",
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

const body = (changes: object = {}) => ({
  model: "claude-haiku-4-5-20251001",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello" }],
  ...changes,
});

describe("Anthropic's own API", () => {
  it("answers", async () => {
    expect(await (await post(body())).json()).toMatchObject({
      type: "message",
      model: "claude-haiku-4-5-20251001",
      content: [
        {
          type: "text",
          text: expect.stringContaining("You wrote: Hello") as string,
        },
      ],
      stop_reason: "end_turn",
    });
  });

  it("streams", async () => {
    const text = await (await post(body({ stream: true }))).text();
    expect(text).toMatch(/^event: message_start\n/);
    expect(text).toMatch(/event: message_stop\n/);
  });

  it("counts tokens", async () => {
    const { model, messages } = body();
    const counted = await post(
      { model, messages },
      {},
      "messages/count_tokens",
    );
    expect(await counted.json()).toEqual({ input_tokens: 2 });
  });

  it.each([
    [
      "a wrong key",
      body(),
      { "x-api-key": "sk-ant-wrong" },
      401,
      "authentication_error",
      "invalid x-api-key",
    ],
    [
      "an unknown model",
      body({ model: "claude-99" }),
      {},
      404,
      "not_found_error",
      "model: claude-99",
    ],
    [
      "an unknown member",
      body({ no_such: 1 }),
      {},
      400,
      "invalid_request_error",
      "no_such: Extra inputs are not permitted",
    ],
    [
      "what belongs to Vertex AI",
      body({ anthropic_version: "vertex-2023-10-16" }),
      {},
      400,
      "invalid_request_error",
      "anthropic_version: Extra inputs are not permitted",
    ],
  ])("refuses %s", async (_what, sent, headers, status, type, message) => {
    const response = await post(sent, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      type: "error",
      error: { type, message },
    });
  });
});
