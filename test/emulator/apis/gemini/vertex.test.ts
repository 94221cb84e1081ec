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

const generate = `${CHAT_MODEL}:generateContent`;
const nobody = "serviceAccount:nobody@demo-gemini.iam.gserviceaccount.com";

describe("an answer", () => {
  it("repeats the prompt, the same every time, with its usage", async () => {
    const texts: string[] = [];
    for (let i = 0; i < 2; i++) {
      const response = await test.vertex(generate, prompt("Grüße 👋 漢字"));
      texts.push(await response.text());
    }
    expect(texts[0]).toBe(texts[1]);
    expect(JSON.parse(texts[0] ?? "")).toEqual({
      candidates: [
        {
          content: {
            role: "model",
            parts: [
              {
                text: "This is gemini-3.8-flash, rehearsed on your machine. You wrote: Grüße 👋 漢字",
              },
            ],
          },
          finishReason: "STOP",
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 3,
        candidatesTokenCount: 19,
        totalTokenCount: 22,
        promptTokensDetails: [{ modality: "TEXT", tokenCount: 3 }],
      },
      modelVersion: "gemini-3.8-flash",
    });
  });

  it("comes in several pieces when it is streamed, the last one with the end", async () => {
    const response = await test.vertex(
      `${CHAT_MODEL}:streamGenerateContent?alt=sse`,
      prompt("Grüße 👋"),
    );
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = (await response.text())
      .split("\n\n")
      .filter((event) => event !== "")
      .map(
        (event) =>
          JSON.parse(event.replace(/^data: /, "")) as {
            candidates: [
              { content: { parts: [{ text: string }] }; finishReason?: string },
            ];
          },
      );
    expect(events.length).toBeGreaterThanOrEqual(3);
    expect(events.map((e) => e.candidates[0].finishReason)).toEqual([
      ...events.slice(1).map(() => undefined),
      "STOP",
    ]);
    expect(
      events.map((e) => e.candidates[0].content.parts[0].text).join(""),
    ).toBe(
      "This is gemini-3.8-flash, rehearsed on your machine. You wrote: Grüße 👋",
    );
  });

  it("ends at the token limit", async () => {
    const response = await test.vertex(
      generate,
      prompt("x", { generationConfig: { maxOutputTokens: 2 } }),
    );
    expect(await response.json()).toMatchObject({
      candidates: [
        {
          content: { parts: [{ text: "This is " }] },
          finishReason: "MAX_TOKENS",
        },
      ],
    });
  });

  it("counts tokens", async () => {
    const response = await test.vertex(
      `${CHAT_MODEL}:countTokens`,
      prompt("twelve chars"),
    );
    expect(await response.json()).toEqual({
      totalTokens: 3,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 3 }],
    });
  });
});

describe("who may call", () => {
  it("is whoever has a role with the permission; the refusal names it and the model", async () => {
    const resource = `projects/demo-gemini/locations/global/publishers/google/models/${CHAT_MODEL}`;
    expect(
      await test.errorOf(
        test.vertex(generate, prompt("x"), { caller: nobody }),
      ),
    ).toEqual([
      403,
      `Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/${resource}' (or it may not exist).`,
    ]);
    const { policy } = test.cloud.project("demo-gemini");
    policy.bindings.push({ role: "roles/aiplatform.user", members: [nobody] });
    const allowed = await test.vertex(generate, prompt("x"), {
      caller: nobody,
    });
    expect(allowed.status).toBe(200);
  });

  it("is nobody without a token, or in a project that is not there", async () => {
    const anonymous = fetch(
      `${test.server.url}/v1/projects/demo-gemini/locations/global/publishers/google/models/${generate}`,
      { method: "POST", body: "{}" },
    );
    expect((await test.errorOf(anonymous))[0]).toBe(401);
    const elsewhere = test.vertex(generate, prompt("x"), { project: "none" });
    expect((await test.errorOf(elsewhere))[0]).toBe(403);
  });

  it("is nobody in a project that has not enabled the API", async () => {
    test.cloud.createProject("demo-bare", "user:owner@example.com");
    const [status, message] = await test.errorOf(
      test.vertex(generate, prompt("x"), { project: "demo-bare" }),
    );
    expect(status).toBe(403);
    expect(message).toMatch(
      /^Vertex AI API has not been used in project demo-bare before or it is disabled\./,
    );
  });
});

describe("a model", () => {
  it.each([
    ["that is not there", "gemini-0.5-nope", "global"],
    ["past its retirement", "gemini-2.0-flash", "us-central1"],
    ["that no region has", CHAT_MODEL, "europe-west4"],
    ["that lives in global only", "gemini-3.1-pro-preview", "eu"],
  ])("%s is not found", async (_, model, location) => {
    expect(
      await test.errorOf(
        test.vertex(`${model}:generateContent`, prompt("x"), { location }),
      ),
    ).toEqual([
      404,
      `Publisher Model \`projects/demo-gemini/locations/${location}/publishers/google/models/${model}\` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions`,
    ]);
  });

  it.each([
    [CHAT_MODEL, "eu"],
    ["gemini-3.5-flash", "us"],
    ["gemini-3.1-pro-preview", "global"],
  ])("%s answers in %s", async (model, location) => {
    const call = `${model}:generateContent`;
    const response = await test.vertex(call, prompt("x"), { location });
    expect(response.status).toBe(200);
  });

  it("does not do what it is not made for, nor anything in a location that is none", async () => {
    const [status] = await test.errorOf(
      test.vertex("gemini-embedding-001:generateContent", prompt("x")),
    );
    expect(status).toBe(400);
    expect(
      await test.errorOf(
        test.vertex(generate, prompt("x"), { location: "atlantis" }),
      ),
    ).toEqual([400, "Invalid location ID 'atlantis'."]);
  });
});

describe("a request", () => {
  it.each([
    [
      "with an unknown member",
      prompt("x", { temprature: 1 }),
      'Invalid JSON payload received. Unknown name "temprature": Cannot find field.',
    ],
    [
      "with a temperature that no model has",
      prompt("x", { generationConfig: { temperature: 4 } }),
      "Unable to submit request because it has a temperature value of 4 but the supported range is from 0 (inclusive) to 2.0 (inclusive). Update the value and try again.",
    ],
    [
      "that ends with a turn of the model, to a newer one",
      { contents: [{ role: "model", parts: [{ text: "I" }] }] },
      "Requests ending with a model turn are not supported.",
    ],
  ])("%s is refused", async (_, body, message) => {
    expect(await test.errorOf(test.vertex(generate, body))).toEqual([
      400,
      message,
    ]);
  });

  it("without contents is refused", async () => {
    const [status, message] = await test.errorOf(test.vertex(generate, {}));
    expect(status).toBe(400);
    expect(message).toContain("at least one contents field is required");
  });
});

describe("embeddings", () => {
  it("are vectors of length 1 that only depend on the text", async () => {
    const response = await test.vertex("gemini-embedding-001:predict", {
      instances: [{ content: "a" }, { content: "b" }, { content: "a" }],
      parameters: { outputDimensionality: 8 },
    });
    const { predictions } = (await response.json()) as {
      predictions: { embeddings: { values: number[] } }[];
    };
    const [a = [], b, again] = predictions.map((p) => p.embeddings.values);
    expect(a).toHaveLength(8);
    expect(Math.hypot(...a)).toBeCloseTo(1, 4);
    expect(again).toEqual(a);
    expect(b).not.toEqual(a);
  });

  it("have the model's size where none is asked for", async () => {
    const response = await test.vertex("gemini-embedding-2:embedContent", {
      content: { parts: [{ text: "a" }] },
    });
    const { embedding } = (await response.json()) as {
      embedding: { values: number[] };
    };
    expect(embedding.values).toHaveLength(3072);
  });

  it("are for one of Google's tasks", async () => {
    const call = test.vertex("gemini-embedding-001:predict", {
      instances: [{ content: "a", task_type: "GUESSING" }],
    });
    expect(await test.errorOf(call)).toEqual([
      400,
      expect.stringMatching(/^Invalid value at '.*task_type'.*"GUESSING"$/),
    ]);
  });
});
