import { afterAll, beforeAll, expect, it } from "vitest";
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

it("answers whoever has a key, in the header or in the address", async () => {
  const answer = await test.gemini(generate, prompt("Grüße"));
  expect(await answer.text()).toContain("You wrote: Grüße");
  const response = await fetch(
    `${test.server.url}/models/${generate}?key=${test.apiKey}`,
    { method: "POST", body: JSON.stringify(prompt("x")) },
  );
  expect(response.status).toBe(200);
});

it.each([
  ["no key", "", 403, /^Method doesn't allow unregistered callers/],
  ["a wrong key", "AIzaWrong", 400, /^API key not valid\. Please pass a valid/],
])("refuses %s", async (_, key, status, message) => {
  expect(await test.errorOf(test.gemini(generate, prompt("x"), key))).toEqual([
    status,
    expect.stringMatching(message),
  ]);
});

it("names a model that is not there", async () => {
  expect(
    await test.errorOf(test.gemini("gemini-0:generateContent", prompt("x"))),
  ).toEqual([
    404,
    "models/gemini-0 is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.",
  ]);
});

it("lists its models with what they do", async () => {
  const response = await fetch(
    `${test.server.url}/v1beta/models?key=${test.apiKey}`,
  );
  const { models } = (await response.json()) as {
    models: { name: string; supportedGenerationMethods: string[] }[];
  };
  expect(models).toContainEqual({
    name: `models/${CHAT_MODEL}`,
    displayName: CHAT_MODEL,
    supportedGenerationMethods: [
      "generateContent",
      "streamGenerateContent",
      "countTokens",
      "createCachedContent",
    ],
  });
});

it("embeds several texts at once", async () => {
  const requests = ["a", "b"].map((text) => ({
    model: "models/gemini-embedding-001",
    content: { parts: [{ text }] },
    outputDimensionality: 4,
  }));
  const response = await test.gemini(
    "gemini-embedding-001:batchEmbedContents",
    { requests },
  );
  const { embeddings } = (await response.json()) as {
    embeddings: { values: number[] }[];
  };
  expect(embeddings.map((e) => e.values.length)).toEqual([4, 4]);
});
