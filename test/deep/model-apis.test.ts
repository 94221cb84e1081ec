import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enableClaude } from "../../emulator/apis/anthropic/state.ts";
import { geminiOf, newGeminiApiKey } from "../../emulator/apis/gemini/state.ts";
import {
  type LitellmGround,
  PROJECT_ID,
  startLitellmGround,
} from "../support/litellm-instance.ts";

// What the real LiteLLM makes of a client's request is what the emulated models must take.

const KEY = "sk-this-key-is-only-for-this-test";

const CONFIG = `
model_list:
  - model_name: vertex
    litellm_params: { model: vertex_ai/gemini-3.8-flash, vertex_project: os.environ/PROJECT_ID, vertex_location: global }
  - model_name: apikey
    litellm_params: { model: gemini/gemini-3.8-flash, api_key: os.environ/GEMINI_API_KEY }
  - model_name: claude
    litellm_params: { model: vertex_ai/claude-haiku-4-5, vertex_project: os.environ/PROJECT_ID, vertex_location: us-east5 }
router_settings: { num_retries: 0, disable_cooldowns: true }
litellm_settings: { drop_params: true }
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;

const TOOLS: OpenAI.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "get_weather",
      parameters: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
      },
    },
  },
];

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let ground: LitellmGround;
let client: OpenAI;

beforeAll(async () => {
  ground = await startLitellmGround();
  enableClaude(ground.cloud, PROJECT_ID, "claude-haiku-4-5");
  const { url } = await ground.start({
    config: CONFIG,
    masterKey: KEY,
    geminiKey: newGeminiApiKey(geminiOf(ground.cloud)),
  });
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY, maxRetries: 0 });
}, 240_000);

afterAll(() => ground.close());

describe.each(["vertex", "apikey", "claude"])(
  "%s, through LiteLLM",
  (model) => {
    const user = (content: string) => ({ role: "user", content }) as const;

    it("calls a tool that is forced, and ends the turn with its result", async () => {
      const messages: OpenAI.ChatCompletionMessageParam[] = [
        user("The weather?"),
      ];
      const first = await client.chat.completions.create({
        model,
        messages,
        tools: TOOLS,
        tool_choice: { type: "function", function: { name: "get_weather" } },
      });
      const message = first.choices[0]?.message;
      const [call] = message?.tool_calls ?? [];
      if (message === undefined || call?.type !== "function") {
        throw new Error(JSON.stringify(first));
      }
      expect(JSON.parse(call.function.arguments)).toEqual({
        city: "rehearsed",
      });
      const last = await client.chat.completions.create({
        model,
        messages: [
          ...messages,
          message,
          { role: "tool", tool_call_id: call.id, content: "21 degrees" },
        ],
        tools: TOOLS,
      });
      expect(last.choices[0]?.message.content).toContain("21 degrees");
    });

    it("calls a tool that the prompt asks for, in a stream", async () => {
      const stream = await client.chat.completions.create({
        model,
        messages: [user('Call get_weather with {"city": "Rome"}.')],
        tools: TOOLS,
        stream: true,
      });
      let sent = "";
      for await (const chunk of stream) {
        const [call] = chunk.choices[0]?.delta.tool_calls ?? [];
        sent += call?.function?.arguments ?? "";
      }
      expect(JSON.parse(sent)).toEqual({ city: "Rome" });
    });

    it("answers with JSON that fits a strict schema", async () => {
      const schema = {
        type: "object",
        properties: { ok: { type: "boolean" } },
        required: ["ok"],
        additionalProperties: false,
      };
      const answer = await client.chat.completions.create({
        model,
        messages: [user("Is it so?")],
        response_format: {
          type: "json_schema",
          json_schema: { name: "verdict", strict: true, schema },
        },
      });
      expect(JSON.parse(answer.choices[0]?.message.content ?? "")).toEqual({
        ok: true,
      });
    });

    it("sees an image, and stops where it is told to", async () => {
      const seen = await client.chat.completions.create({
        model,
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "What is it?" },
              {
                type: "image_url",
                image_url: { url: `data:image/png;base64,${PNG}` },
              },
            ],
          },
        ],
      });
      expect(seen.choices[0]?.message.content).toContain(
        "image/png of 70 bytes",
      );
      const stopped = await client.chat.completions.create({
        model,
        messages: [user("x")],
        stop: [" on your"],
      });
      expect(stopped.choices[0]?.message.content).toMatch(/, rehearsed$/);
    });
  },
);

/** Asks on a route of another protocol than OpenAI's. */
async function ask(route: string, body: object): Promise<string> {
  const response = await fetch(new URL(route, client.baseURL), {
    method: "POST",
    headers: { "x-api-key": KEY, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.text();
}

const contents = [{ role: "user", parts: [{ text: "Hello" }] }];

describe.each(["vertex", "apikey"])("%s, past OpenAI's protocol", (model) => {
  const messages = [{ role: "user", content: "Hello" }];

  it("answers Anthropic's, and counts its tokens", async () => {
    const body = { model, max_tokens: 200, messages };
    expect(await ask("/v1/messages", body)).toContain("You wrote: Hello");
    const counted = await ask("/v1/messages/count_tokens", { model, messages });
    expect(JSON.parse(counted)).toMatchObject({
      input_tokens: 2,
      litellm_count_source: "provider",
    });
  });

  it("answers Gemini's own, whole and streamed, and counts its tokens", async () => {
    const method = (name: string) => `/v1beta/models/${model}:${name}`;
    const whole = await ask(method("generateContent"), { contents });
    expect(whole).toContain("You wrote: Hello");
    const streamed = await ask(method("streamGenerateContent?alt=sse"), {
      contents,
    });
    expect(streamed.match(/^data: /gm)?.length).toBeGreaterThan(1);
    const counted = await ask(method("countTokens"), { contents });
    expect(JSON.parse(counted)).toMatchObject({ totalTokens: 2 });
  });
});

it("Claude answers Anthropic's protocol, and counts its tokens", async () => {
  const messages = [{ role: "user", content: "Hello" }];
  const body = { model: "claude", max_tokens: 200, messages };
  expect(await ask("/v1/messages", body)).toContain("Hello");
  const counted = await ask("/v1/messages/count_tokens", {
    model: "claude",
    messages,
  });
  expect(counted).toContain('"litellm_count_source":"provider"');
});
