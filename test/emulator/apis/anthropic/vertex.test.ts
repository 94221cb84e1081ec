import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enableClaude } from "../../../../emulator/apis/anthropic/state.ts";
import { startTestGemini, type TestGemini } from "../../../support/gemini.ts";

let test: TestGemini;

beforeAll(async () => {
  test = await startTestGemini();
  for (const model of ["claude-haiku-4-5", "claude-opus-5-5"]) {
    enableClaude(test.cloud, "demo-gemini", model);
  }
});

afterAll(() => test.server.close());

const OWNER = "user:owner@example.com";
const VERSION = "vertex-2023-10-16";

const user = (content: unknown) => ({ role: "user", content });

const body = (content: unknown, changes: object = {}) => ({
  anthropic_version: VERSION,
  max_tokens: 2000,
  messages: [user(content)],
  ...changes,
});

function post(
  sent: object,
  call = "claude-haiku-4-5@20251001:rawPredict",
  location = "global",
  caller = OWNER,
): Promise<Response> {
  return fetch(
    `${test.server.url}/v1/projects/demo-gemini/locations/${location}/publishers/anthropic/models/${call}`,
    {
      method: "POST",
      headers: {
        authorization: `Bearer ${test.cloud.newAccessToken(caller as typeof OWNER)}`,
      },
      body: JSON.stringify(sent),
    },
  );
}

interface Message {
  content: Record<string, unknown>[];
  stop_reason: string;
  stop_sequence: string | null;
  usage: Record<string, number>;
}

async function ask(sent: object, call?: string): Promise<Message> {
  const response = await post(sent, call);
  const json = (await response.json()) as Message;
  expect(response.status, JSON.stringify(json)).toBe(200);
  return json;
}

const TOOLS = [
  {
    name: "get_weather",
    input_schema: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    },
  },
];

describe("Claude answers", () => {
  it("what it was told, with its usage", async () => {
    expect(await ask(body("Grüße"))).toMatchObject({
      type: "message",
      role: "assistant",
      model: "claude-haiku-4-5",
      content: [
        {
          type: "text",
          text: "This is claude-haiku-4-5, rehearsed on your machine. You wrote: Grüße",
        },
      ],
      stop_reason: "end_turn",
      usage: { input_tokens: 2, output_tokens: 18 },
    });
  });

  it("in the events of a stream where the body asks for one", async () => {
    const call = "claude-haiku-4-5:streamRawPredict";
    const response = await post(body("Grüße", { stream: true }), call);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = (await response.text())
      .split("\n\n")
      .filter((event) => event !== "")
      .map(
        (event) =>
          JSON.parse(event.split("\ndata: ")[1] ?? "") as {
            type: string;
            delta?: { text?: string };
          },
      );
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(events.map(({ delta }) => delta?.text ?? "").join("")).toContain(
      "You wrote: Grüße",
    );
  });

  it("with the call of a tool, forced or asked for, and then with its result", async () => {
    const forced = {
      tools: TOOLS,
      tool_choice: { type: "tool", name: "get_weather" },
    };
    const first = await ask(body("x", forced));
    expect(first.stop_reason).toBe("tool_use");
    expect(first.content).toMatchObject([
      { type: "tool_use", name: "get_weather", input: { city: "rehearsed" } },
    ]);
    const question = 'Use get_weather with {"city": "Rome"}.';
    const asked = await ask(body(question, { tools: TOOLS }));
    expect(asked.content).toMatchObject([{ input: { city: "Rome" } }]);
    const id = asked.content[0]?.id;
    const messages = [
      user(question),
      { role: "assistant", content: asked.content },
      user([{ type: "tool_result", tool_use_id: id, content: "21 °C" }]),
    ];
    const last = await ask(body("", { tools: TOOLS, messages }));
    expect(last.content[0]?.text).toContain("The tool answered: 21 °C");
  });

  it("with its thoughts, where it is asked for them", async () => {
    const thinking = { type: "enabled", budget_tokens: 1024 };
    const { content } = await ask(body("x", { thinking }));
    expect(content.map(({ type }) => type)).toEqual(["thinking", "text"]);
  });

  it("with JSON that fits a schema, up to a stop sequence, up to the limit", async () => {
    const schema = {
      type: "object",
      properties: { ok: { type: "boolean" } },
      required: ["ok"],
    };
    const format = { type: "json_schema", schema };
    const json = await ask(body("x", { output_config: { format } }));
    expect(json.content[0]?.text).toBe('{"ok":true}');
    const stopped = await ask(body("x", { stop_sequences: [" on your"] }));
    expect([stopped.stop_reason, stopped.stop_sequence]).toEqual([
      "stop_sequence",
      " on your",
    ]);
    const cut = await ask(body("x", { max_tokens: 2 }));
    expect([cut.stop_reason, cut.content[0]?.text]).toEqual([
      "max_tokens",
      "This is ",
    ]);
  });

  it("from its cache, which is written the first time, and not below the least size", async () => {
    const cached = (text: string) =>
      body("And now?", {
        system: [{ type: "text", text, cache_control: { type: "ephemeral" } }],
      });
    const long = cached("word ".repeat(1000));
    const [first, second] = [await ask(long), await ask(long)];
    expect(first.usage).toMatchObject({
      cache_creation_input_tokens: 1250,
      cache_read_input_tokens: 0,
    });
    expect(second.usage).toMatchObject({
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 1250,
    });
    const short = await ask(cached("Be brief."));
    expect(short.usage.cache_creation_input_tokens).toBe(0);
  });
});

it("counts tokens, in regions only and without the model's version", async () => {
  const count = (model: string, location: string) =>
    post(
      { anthropic_version: VERSION, model, messages: [user("twelve chars")] },
      "count-tokens:rawPredict",
      location,
    );
  const counted = await count("claude-haiku-4-5", "us-east5");
  expect(await counted.json()).toEqual({ input_tokens: 3 });
  expect((await count("claude-haiku-4-5", "global")).status).toBe(400);
  expect((await count("claude-haiku-4-5@20251001", "us-east5")).status).toBe(
    400,
  );
});

describe("refused is", () => {
  it("a model that is not enabled in Model Garden, and a location that has none", async () => {
    const missing = (model: string, location: string) =>
      `Publisher Model \`projects/demo-gemini/locations/${location}/publishers/anthropic/models/${model}\` was not found or your project does not have access to it.`;
    for (const [model, location] of [
      ["claude-sonnet-4-5", "global"],
      ["claude-haiku-4-5", "us-west1"],
    ] as const) {
      const call = post(body("x"), `${model}:rawPredict`, location);
      expect(await test.errorOf(call)).toEqual([
        404,
        expect.stringContaining(missing(model, location)),
      ]);
    }
  });

  it("a caller without the permission", async () => {
    const nobody = "user:nobody@example.com";
    const call = post(body("x"), undefined, undefined, nobody);
    expect((await test.errorOf(call))[0]).toBe(403);
  });

  it.each([
    [{ model: "claude-haiku-4-5" }, "model: Extra inputs are not permitted"],
    [
      { anthropic_version: "2023-06-01" },
      "anthropic_version: Input should be 'vertex-2023-10-16'",
    ],
    [{ max_tokens: undefined }, "max_tokens: Field required"],
    [
      { max_tokens: -1 },
      "max_tokens: Input should be greater than or equal to 1",
    ],
    [
      { messages: [{ role: "system", content: "x" }] },
      "messages.0.role: Input should be 'user' or 'assistant'",
    ],
    [
      { messages: [user([{ type: "text", text: "x", txt: 1 }])] },
      "messages.0.content.0.txt: Extra inputs are not permitted",
    ],
    [
      { tools: TOOLS, tool_choice: { type: "tool", name: "none" } },
      "Tool 'none' not found in provided tools",
    ],
    [
      {
        tools: TOOLS,
        tool_choice: { type: "any" },
        thinking: { type: "enabled", budget_tokens: 1024 },
      },
      "Thinking may not be enabled when tool_choice forces tool use.",
    ],
    [
      { thinking: { type: "enabled", budget_tokens: 2000 } },
      "`max_tokens` must be greater than `thinking.budget_tokens`",
    ],
  ])("%j, in Anthropic's form", async (changes, message) => {
    const response = await post(body("x", changes));
    expect([response.status, await response.json()]).toEqual([
      400,
      { type: "error", error: { type: "invalid_request_error", message } },
    ]);
  });

  it("a call without its result", async () => {
    const call = {
      type: "tool_use",
      id: "toolu_1",
      name: "get_weather",
      input: {},
    };
    const messages = [
      user("x"),
      { role: "assistant", content: [call] },
      user("y"),
    ];
    expect(
      await test.errorOf(post(body("", { messages, tools: TOOLS }))),
    ).toEqual([
      400,
      expect.stringMatching(
        /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1\./,
      ),
    ]);
  });

  it("what a newer model no longer takes", async () => {
    const call = "claude-opus-5-5:rawPredict";
    for (const changes of [
      { temperature: 1 },
      { thinking: { type: "enabled", budget_tokens: 1024 } },
      { tools: TOOLS, tool_choice: { type: "any" } },
    ]) {
      expect((await post(body("x", changes), call)).status).toBe(400);
    }
    await ask(body("x", { thinking: { type: "adaptive" } }), call);
  });

  it.each([
    [{ service_tier: "auto" }, "service_tier"],
    [
      { messages: [user([{ type: "document", source: {} }])] },
      "content blocks of the type document",
    ],
  ])("%j, as not done here", async (changes, what) => {
    const response = await post(body("x", changes));
    expect([response.status, await response.json()]).toEqual([
      501,
      {
        type: "error",
        error: {
          type: "api_error",
          message: `The emulated Claude does not cover ${what}.`,
        },
      },
    ]);
  });
});
