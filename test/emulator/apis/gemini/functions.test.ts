import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGemini, type TestGemini } from "../../../support/gemini.ts";

let test: TestGemini;

beforeAll(async () => {
  test = await startTestGemini();
});

afterAll(() => test.server.close());

interface Part {
  text?: string;
  functionCall?: { id?: string; name: string; args: object };
  thoughtSignature?: string;
}

const TOOLS = {
  tools: [
    {
      functionDeclarations: [
        {
          name: "get_weather",
          parameters: {
            type: "object",
            properties: {
              city: { type: "string" },
              unit: { type: "string", enum: ["C", "F"] },
            },
            required: ["city", "unit"],
          },
        },
        { name: "get_time" },
      ],
    },
  ],
};

const forced = (mode: string, ...allowedFunctionNames: string[]) => ({
  toolConfig: {
    functionCallingConfig: {
      mode,
      ...(allowedFunctionNames.length > 0 && { allowedFunctionNames }),
    },
  },
});

const user = (text: string) => ({ role: "user", parts: [{ text }] });

async function ask(
  contents: object[],
  config: object = {},
  model = "gemini-3.8-flash",
): Promise<Part[]> {
  const response = await test.gemini(`${model}:generateContent`, {
    contents,
    ...TOOLS,
    ...config,
  });
  const json = (await response.json()) as {
    candidates: [{ content: { parts: Part[] } }];
  };
  expect(response.status, JSON.stringify(json)).toBe(200);
  return json.candidates[0].content.parts;
}

const refusal = (body: object, model = "gemini-3.8-flash") =>
  test.errorOf(
    test.gemini(`${model}:generateContent`, {
      contents: [user("x")],
      ...TOOLS,
      ...body,
    }),
  );

const namesOf = (parts: Part[]) => parts.map((part) => part.functionCall?.name);

describe("a model calls", () => {
  it("the function that is forced, with arguments that fit what was declared", async () => {
    const [part] = await ask([user("x")], forced("ANY"));
    expect(part?.functionCall).toMatchObject({
      name: "get_weather",
      args: { city: "rehearsed", unit: "C" },
    });
    expect(namesOf(await ask([user("x")], forced("ANY", "get_time")))).toEqual([
      "get_time",
    ]);
  });

  it("what the prompt asks for, with the arguments that it names", async () => {
    const [part] = await ask([
      user('Call get_weather with {"city": "Rome", "unit": "F"}.'),
    ]);
    expect(part?.functionCall).toMatchObject({
      name: "get_weather",
      args: { city: "Rome", unit: "F" },
    });
  });

  it("several at once, of which the first has a signature from Gemini 3 on", async () => {
    const question = [user("Use get_weather, and call the tool get_time.")];
    const parts = await ask(question);
    expect(namesOf(parts)).toEqual(["get_weather", "get_time"]);
    expect(parts.map((part) => typeof part.thoughtSignature)).toEqual([
      "string",
      "undefined",
    ]);
    const older = await ask(question, {}, "gemini-2.5-flash");
    expect(older.map((part) => part.thoughtSignature)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("nothing that is not asked for, nor where calls are switched off", async () => {
    expect((await ask([user("The weather?")]))[0]?.text).toContain("weather");
    const off = await ask([user("Call get_time.")], forced("NONE"));
    expect(namesOf(off)).toEqual([undefined]);
  });
});

describe("a turn with calls", () => {
  const responses = (...names: string[]) => ({
    role: "user",
    parts: names.map((name) => ({
      functionResponse: { name, response: { answer: 21 } },
    })),
  });

  it("ends with an answer that repeats what the function answered", async () => {
    const question = user("Call get_time.");
    const parts = await ask([question]);
    const [answer] = await ask([
      question,
      { role: "model", parts },
      responses("get_time"),
    ]);
    expect(answer?.text).toContain('get_time answered: {"answer":21}');
  });

  it("needs the call's signature from Gemini 3 on, and says where it is missing", async () => {
    const call = { functionCall: { name: "get_time", args: {} } };
    const turn = (part: object) => ({
      contents: [
        user("Call get_time."),
        { role: "model", parts: [part] },
        responses("get_time"),
      ],
    });
    expect(await refusal(turn(call))).toEqual([
      400,
      expect.stringMatching(
        /^Function call is missing a thought_signature in functionCall parts\..* function call `default_api:get_time` , position 2\./,
      ),
    ]);
    const wrong = { ...call, thoughtSignature: "AAAA" };
    expect(await refusal(turn(wrong))).toEqual([
      400,
      "Corrupted thought signature.",
    ]);
    const older = turn(call).contents;
    await ask(older, {}, "gemini-2.5-flash");
    // A turn that is over needs none any more.
    await ask([
      ...older,
      { role: "model", parts: [{ text: "It is 21." }] },
      user("Thanks"),
    ]);
  });

  it("has as many responses as calls", async () => {
    const question = user("Call get_time.");
    const parts = await ask([question]);
    const contents = [
      question,
      { role: "model", parts },
      responses("get_time", "get_weather"),
    ];
    expect(await refusal({ contents })).toEqual([
      400,
      expect.stringMatching(/^Please ensure that the number of function resp/),
    ]);
  });
});

describe("refused is", () => {
  it.each([
    [
      "a name that is none",
      { tools: [{ functionDeclarations: [{ name: "1" }] }] },
      /Invalid function name\. Must start with a letter/,
    ],
    [
      "a name twice",
      { tools: [{ functionDeclarations: [{ name: "a" }, { name: "a" }] }] },
      /^Duplicate function declaration found: a$/,
    ],
    [
      "forcing what is not declared",
      forced("ANY", "get_nothing"),
      /get_nothing is not declared/,
    ],
    [
      "allowing some without forcing",
      forced("AUTO", "get_time"),
      /mode is not ANY/,
    ],
    [
      "an unknown mode",
      forced("SOME"),
      /^Invalid value at 'tool_config\.function_calling_config\.mode'/,
    ],
    [
      "a keyword that Google's schema has not",
      {
        tools: [
          {
            functionDeclarations: [
              {
                name: "a",
                parameters: { type: "object", exclusiveMinimum: 1 },
              },
            ],
          },
        ],
      },
      /Unknown name "exclusiveMinimum" at 'tools\[0\]\.function_declarations\[0\]\.parameters'/,
    ],
  ])("%s", async (_, body, message) => {
    expect(await refusal(body)).toEqual([400, expect.stringMatching(message)]);
  });

  // As Google's documents and LiteLLM ask for them: by an empty message.
  it.each([
    ["googleSearch", "google_search"],
    ["codeExecution", "code_execution"],
    ["urlContext", "url_context"],
    ["googleMaps", "google_maps"],
    ["enterpriseWebSearch", "enterprise_web_search"],
  ])("the tool %s, which is not done here, by name", async (tool, name) => {
    expect(await refusal({ tools: [{ [tool]: {} }] })).toEqual([
      501,
      `The emulated Gemini does not cover the field tools[0].${name}.`,
    ]);
  });
});
