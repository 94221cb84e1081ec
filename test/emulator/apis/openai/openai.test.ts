import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cloud } from "../../../../emulator/core/cloud.ts";
import {
  OPENAI_PATH,
  openAiRoutes,
} from "../../../../emulator/apis/openai/routes.ts";
import {
  newOpenAiKey,
  openAiOf,
} from "../../../../emulator/apis/openai/state.ts";
import {
  type GeminiServer,
  startGemini,
} from "../../../../emulator/apis/gemini/server.ts";

let server: GeminiServer;
let client: OpenAI;

beforeAll(async () => {
  const cloud = new Cloud();
  server = await startGemini(cloud, () => undefined, [openAiRoutes(cloud)]);
  client = clientWith(newOpenAiKey(openAiOf(cloud)));
});

afterAll(() => server.close());

function clientWith(apiKey: string): OpenAI {
  return new OpenAI({
    baseURL: `${server.url}${OPENAI_PATH}/v1`,
    apiKey,
    maxRetries: 0,
  });
}

const messages = [{ role: "user" as const, content: "Hello" }];
/** With a member that OpenAI's API does not have. */
const unknown = { model: "gpt-5.5", no_such: 1 };
const tools = [
  {
    type: "function" as const,
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

describe("the emulated OpenAI, asked by OpenAI's own client,", () => {
  it("answers a chat", async () => {
    const { choices, usage } = await client.chat.completions.create({
      model: "gpt-5.5",
      messages,
    });
    expect(choices[0]?.message.content).toBe(
      "This is gpt-5.5, rehearsed on your machine. You wrote: Hello",
    );
    expect(choices[0]?.finish_reason).toBe("stop");
    expect(usage).toEqual({
      prompt_tokens: 2,
      completion_tokens: 15,
      total_tokens: 17,
    });
  });

  it("streams one, with the usage where it is asked for", async () => {
    const stream = await client.chat.completions.create({
      model: "gpt-5.5",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let tokens: number | undefined;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? "";
      tokens = usage?.total_tokens ?? tokens;
    }
    expect(text).toContain("You wrote: Hello");
    expect(tokens).toBe(17);
  });

  it("calls a tool that it is told to call, and hears its answer", async () => {
    const asked = await client.chat.completions.create({
      model: "gpt-5.5",
      messages: [
        { role: "user", content: 'call get_weather with {"city": "Bern"}' },
      ],
      tools,
    });
    const [call] = asked.choices[0]?.message.tool_calls ?? [];
    expect(asked.choices[0]?.finish_reason).toBe("tool_calls");
    expect(call).toMatchObject({
      type: "function",
      function: { name: "get_weather", arguments: '{"city":"Bern"}' },
    });
    if (call === undefined) throw new Error("no call");
    const heard = await client.chat.completions.create({
      model: "gpt-5.5",
      messages: [
        { role: "user", content: "call get_weather" },
        { role: "assistant", tool_calls: [call] },
        { role: "tool", tool_call_id: call.id, content: "sunny" },
      ],
      tools,
    });
    expect(heard.choices[0]?.message.content).toContain(
      "The tool answered: sunny",
    );
  });

  it("embeds, as short as it is asked to", async () => {
    const { data } = await client.embeddings.create({
      model: "text-embedding-3-small",
      input: ["a", "b"],
      dimensions: 8,
    });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    expect(data[0]?.embedding).not.toEqual(data[1]?.embedding);
  });

  it.each([
    [
      "a wrong key, and shows no more of it than OpenAI does",
      () => clientWith("sk-wrong-0123456789").models.list(),
      {
        status: 401,
        code: "invalid_api_key",
        message: expect.stringMatching(
          /Incorrect API key provided: sk-wrong\*{7}6789\. You can find/,
        ) as string,
      },
    ],
    [
      "an unknown model",
      () => client.chat.completions.create({ model: "gpt-99", messages }),
      {
        status: 404,
        code: "model_not_found",
        message:
          "404 The model `gpt-99` does not exist or you do not have access to it.",
      },
    ],
    [
      "an unknown parameter",
      () => client.chat.completions.create({ ...unknown, messages }),
      {
        status: 400,
        param: "no_such",
        message: "400 Unknown parameter: 'no_such'.",
      },
    ],
    [
      "by name what it does not do",
      () =>
        client.chat.completions.create({ model: "gpt-5.5", messages, n: 2 }),
      { status: 501, message: "501 The emulated OpenAI does not cover n." },
    ],
    [
      "by name a part of a message that it does not read",
      () =>
        client.chat.completions.create({
          model: "gpt-5.5",
          messages: [
            {
              role: "user",
              content: [
                { type: "text", text: "What is it?" },
                { type: "image_url", image_url: { url: "data:image/png;," } },
              ],
            },
          ],
        }),
      {
        status: 501,
        message: "501 The emulated OpenAI does not cover image_url.",
      },
    ],
    [
      "by name a call that it does not have",
      () => client.responses.create({ model: "gpt-5.5", input: "Hello" }),
      {
        status: 501,
        message: "501 The emulated OpenAI does not cover POST /v1/responses.",
      },
    ],
  ])("refuses %s", async (_what, call, error) => {
    await expect(call()).rejects.toMatchObject(error);
  });
});
