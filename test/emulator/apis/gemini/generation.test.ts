import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CHAT_MODEL,
  prompt,
  startTestGemini,
  type TestGemini,
} from "../../../support/gemini.ts";

let test: TestGemini;

beforeAll(async () => {
  test = await startTestGemini();
});

afterAll(() => test.server.close());

interface Answer {
  candidates?: {
    content: { parts?: { text: string; thought?: boolean }[] };
    finishReason: string;
    safetyRatings?: object[];
  }[];
  promptFeedback?: object;
  usageMetadata: Record<string, unknown>;
}

async function ask(
  text: string,
  generationConfig: object = {},
  {
    model = CHAT_MODEL,
    ...more
  }: { model?: string } & Record<string, unknown> = {},
): Promise<Answer> {
  const response = await test.gemini(
    `${model}:generateContent`,
    prompt(text, { generationConfig, ...more }),
  );
  const json = (await response.json()) as Answer;
  expect(response.status, JSON.stringify(json)).toBe(200);
  return json;
}

const textsOf = ({ candidates = [] }: Answer) =>
  candidates.map(({ content }) => content.parts?.map((p) => p.text).join(""));

const refusal = (generationConfig: object, model = CHAT_MODEL) =>
  test.errorOf(
    test.gemini(`${model}:generateContent`, prompt("x", { generationConfig })),
  );

const JSON_TYPE = { responseMimeType: "application/json" };

describe("an answer", () => {
  it("fits the schema that is asked for, in either dialect", async () => {
    const properties = { ok: { type: "boolean" }, n: { type: "integer" } };
    const schema = { type: "object", properties, required: ["ok", "n"] };
    for (const name of ["responseSchema", "responseJsonSchema"]) {
      const answer = await ask("x", { ...JSON_TYPE, [name]: schema });
      expect(textsOf(answer)).toEqual(['{"ok":true,"n":1}']);
    }
    const strict = { ...schema, additionalProperties: false };
    const answer = await ask("x", { ...JSON_TYPE, responseJsonSchema: strict });
    expect(textsOf(answer)).toEqual(['{"ok":true,"n":1}']);
  });

  it("is one of the values of an enum", async () => {
    const responseSchema = { type: "string", enum: ["red", "green"] };
    const answer = await ask("x", {
      responseMimeType: "text/x.enum",
      responseSchema,
    });
    expect(textsOf(answer)).toEqual(["red"]);
  });

  it("ends before a stop sequence", async () => {
    const answer = await ask("x", { stopSequences: ["nothing", " on your"] });
    expect(textsOf(answer)).toEqual(["This is gemini-3.8-flash, rehearsed"]);
    expect(answer.candidates?.[0]?.finishReason).toBe("STOP");
  });

  it("comes as often as it is asked for, where the model does that", async () => {
    const config = { candidateCount: 2 };
    const answer = await ask("x", config, { model: "gemini-2.5-flash" });
    const [first, second] = textsOf(answer);
    expect(first).not.toBe(second);
    expect(await refusal(config)).toEqual([
      400,
      "Multiple candidates is not enabled for this model",
    ]);
  });

  it("has its thoughts before it, which count as tokens and towards the limit", async () => {
    const thinkingConfig = { thinkingLevel: "low", includeThoughts: true };
    const answer = await ask("x", { thinkingConfig });
    const [thought] = answer.candidates?.[0]?.content.parts ?? [];
    expect(thought?.thought).toBe(true);
    const { usageMetadata: usage } = answer;
    expect(usage.thoughtsTokenCount).toBe(4);
    expect(usage.totalTokenCount).toBe(
      Number(usage.promptTokenCount) + Number(usage.candidatesTokenCount) + 4,
    );
    const cut = await ask("x", {
      maxOutputTokens: 4,
      thinkingConfig: { thinkingLevel: "LOW" },
    });
    expect(cut.candidates?.[0]).toEqual({
      content: { role: "model" },
      finishReason: "MAX_TOKENS",
      index: 0,
    });
  });
});

describe("an image", () => {
  const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const send = (mimeType: string, data: string) =>
    test.gemini(`${CHAT_MODEL}:generateContent`, {
      contents: [
        {
          parts: [{ text: "What is it?" }, { inlineData: { mimeType, data } }],
        },
      ],
    });

  it("is seen: the answer has its type and size, the usage its tokens", async () => {
    const response = await send("image/png", PNG);
    const answer = (await response.json()) as Answer;
    expect(textsOf(answer)[0]).toContain("You sent image/png of 70 bytes.");
    expect(answer.usageMetadata.promptTokensDetails).toEqual([
      { modality: "TEXT", tokenCount: 3 },
      { modality: "IMAGE", tokenCount: 258 },
    ]);
  });

  it.each([
    [
      "of another type than it says",
      "image/jpeg",
      PNG,
      400,
      "Unable to process input image.",
    ],
    [
      "of a type that no model sees",
      "image/svg+xml",
      PNG,
      400,
      "Unsupported MIME type: image/svg+xml",
    ],
    [
      "that is none",
      "image/png",
      "AAAA",
      400,
      "Unable to process input image.",
    ],
    [
      "that is sound",
      "audio/wav",
      "AAAA",
      501,
      "The emulated Gemini does not cover parts of the type audio/wav.",
    ],
  ])("%s is refused", async (_, mimeType, data, status, message) => {
    expect(await test.errorOf(send(mimeType, data))).toEqual([status, message]);
  });
});

describe("a safety filter", () => {
  const category = "HARM_CATEGORY_HARASSMENT";

  it("blocks a marked prompt, or ends the answer", async () => {
    const blocked = await ask(`Hello [block ${category}]`);
    expect(blocked.candidates).toBeUndefined();
    expect(blocked.promptFeedback).toMatchObject({ blockReason: "SAFETY" });
    const stopped = await ask(`Hello [stop ${category}]`);
    expect(stopped.candidates?.[0]).toMatchObject({
      finishReason: "SAFETY",
      safetyRatings: [{ category, blocked: true }],
    });
  });

  it("does neither where the request switches it off", async () => {
    const safetySettings = [{ category, threshold: "BLOCK_NONE" }];
    const answer = await ask(`[block ${category}]`, {}, { safetySettings });
    expect(answer.candidates?.[0]?.finishReason).toBe("STOP");
  });
});

describe("refused is", () => {
  it.each([
    [
      { maxOutputTokens: -1 },
      /maxOutputTokens value of -1 but the supported range is from 1 \(inclusive\) to 65536 \(exclusive\)/,
    ],
    [{ maxOutputTokens: 0 }, /maxOutputTokens value of 0/],
    [
      { maxOutputTokens: "many" },
      /^Invalid value at 'generation_config\.max_output_tokens' \(TYPE_INT32\), "many"/,
    ],
    [
      { maxTokens: 5 },
      /Unknown name "maxTokens" at 'generation_config': Cannot find field\./,
    ],
    [{ candidateCount: 9 }, /candidateCount value of 9/],
    [{ frequencyPenalty: 0.2 }, /^Penalty is not enabled for this model$/],
    [
      { stopSequences: ["a", "b", "c", "d", "e", "f"] },
      /6 stopSequences but the maximum is 5/,
    ],
    [
      { responseSchema: { type: "string" } },
      /responseMimeType is not application\/json/,
    ],
    [
      { responseMimeType: "text/html" },
      /text\/html is not a supported responseMimeType/,
    ],
    [
      { thinkingConfig: { thinkingLevel: "LOW", thinkingBudget: 1 } },
      /^You can only set only one of thinking budget and thinking level\.$/,
    ],
    [
      { thinkingConfig: { thinkingLevel: "MINIMAL" } },
      /^Thinking level is not supported for this model\.$/,
    ],
    [
      { thinkingConfig: { thinkingLevel: "MAX" } },
      /^Invalid value at 'generation_config\.thinking_config\.thinking_level'/,
    ],
  ])("%j", async (config, message) => {
    expect(await refusal(config)).toEqual([
      400,
      expect.stringMatching(message),
    ]);
  });

  it.each([
    [
      { responseLogprobs: true },
      "the field generation_config.response_logprobs",
    ],
    [
      { speechConfig: { languageCode: "en" } },
      "the field generation_config.speech_config",
    ],
    [{ logprobs: 3 }, "the field generation_config.logprobs"],
    [
      { mediaResolution: "MEDIA_RESOLUTION_LOW" },
      "the field generation_config.media_resolution",
    ],
    [{ imageConfig: {} }, "the field generation_config.image_config"],
    [{ responseModalities: ["IMAGE"] }, "the response modality IMAGE"],
    [{ responseModalities: ["TEXT", "AUDIO"] }, "the response modality AUDIO"],
  ])("%j, as not done here", async (config, what) => {
    expect(await refusal(config)).toEqual([
      501,
      `The emulated Gemini does not cover ${what}.`,
    ]);
  });

  it("a filter that this Gemini has not, a way to block that none has, and a count of what is cached", async () => {
    const call = "generateContent";
    const settings = (setting: object) =>
      prompt("x", { safetySettings: [setting] });
    const counted = prompt("x", { cachedContent: "cachedContents/a" });
    for (const [method, body, answer] of [
      [
        call,
        settings({ category: "HARM_CATEGORY_JAILBREAK" }),
        [501, /harm category HARM_CATEGORY_JAILBREAK/],
      ],
      [call, settings({ method: "GUESS" }), [400, /\.method'.*"GUESS"/]],
      [
        "countTokens",
        { generateContentRequest: counted },
        [501, /counting the tokens of a prompt with a cache/],
      ],
    ] as const) {
      const [status, words] = answer;
      expect(
        await test.errorOf(test.gemini(`${CHAT_MODEL}:${method}`, body)),
      ).toEqual([status, expect.stringMatching(words)]);
    }
  });

  it("tools together with JSON before Gemini 3", async () => {
    const tools = [{ functionDeclarations: [{ name: "a" }] }];
    const body = prompt("x", { tools, generationConfig: JSON_TYPE });
    expect(
      await test.errorOf(test.gemini("gemini-2.5-flash:generateContent", body)),
    ).toEqual([
      400,
      "Function calling with a response mime type: 'application/json' is unsupported",
    ]);
  });

  it.each([
    [
      "a part without data",
      [{}],
      /required oneof field 'data' must have one initialized field/,
    ],
    ["no part", [], /must include at least one parts field/],
    [
      "an unknown part",
      [{ txt: "x" }],
      /Unknown name "txt" at 'contents\[0\]\.parts\[0\]'/,
    ],
  ])("%s", async (_, parts, message) => {
    const call = test.gemini(`${CHAT_MODEL}:generateContent`, {
      contents: [{ parts }],
    });
    expect(await test.errorOf(call)).toEqual([
      400,
      expect.stringMatching(message),
    ]);
  });

  it("on Vertex AI alone, a turn without a role, and each service tier in OpenAI's words", async () => {
    const call = `${CHAT_MODEL}:generateContent`;
    const withoutRole = { contents: [{ parts: [{ text: "x" }] }] };
    expect((await test.gemini(call, withoutRole)).status).toBe(200);
    expect(await test.errorOf(test.vertex(call, withoutRole))).toEqual([
      400,
      "Please use a valid role: user, model.",
    ]);
    const tier = prompt("x", { serviceTier: "standard" });
    expect(await test.errorOf(test.vertex(call, tier))).toEqual([
      400,
      "Invalid value at 'service_tier' (type.googleapis.com/google.cloud.aiplatform.v1.ServiceTier), \"standard\"",
    ]);
  });

  it("what only the other API knows", async () => {
    const labels = prompt("x", { labels: { team: "a" } });
    expect(
      (await test.vertex(`${CHAT_MODEL}:generateContent`, labels)).status,
    ).toBe(200);
    expect(
      await test.errorOf(test.gemini(`${CHAT_MODEL}:generateContent`, labels)),
    ).toEqual([
      400,
      'Invalid JSON payload received. Unknown name "labels": Cannot find field.',
    ]);
  });
});
