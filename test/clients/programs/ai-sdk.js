import process from "node:process";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  Output,
  embedMany,
  generateObject,
  generateText,
  stepCountIs,
  streamObject,
  streamText,
  tool,
} from "ai";
import { z } from "zod";
import { Forecast } from "./forecast.js";
import questions from "./questions.json" with { type: "json" };
import { report } from "./report.js";

const connect = (apiKey) =>
  createOpenAICompatible({
    name: "litellm",
    baseURL: process.env.OPENAI_BASE_URL,
    apiKey,
    supportsStructuredOutputs: true,
  });
const provider = connect(process.env.OPENAI_API_KEY);
const hello = { model: provider(questions.model), prompt: questions.hello };
const tools = {
  get_weather: tool({
    inputSchema: z.object({ city: z.string() }),
    execute: () => questions.temperature,
  }),
};
const weather = {
  ...hello,
  prompt: questions.weather,
  tools,
  stopWhen: stepCountIs(3),
};

await report({
  chat: async () => (await generateText(hello)).text,
  stream: () => streamText(hello).text,
  toolTurn: async () => (await generateText(weather)).text,
  streamedToolTurn: () => streamText(weather).text,
  forcedTool: async () => {
    const { toolCalls } = await generateText({
      ...hello,
      prompt: questions.noTool,
      tools,
      toolChoice: { type: "tool", toolName: "get_weather" },
    });
    return toolCalls[0]?.toolName;
  },
  schema: async () =>
    (await generateObject({ ...hello, schema: Forecast })).object,
  streamedSchema: async () => {
    let grown;
    const { partialObjectStream } = streamObject({
      ...hello,
      schema: Forecast,
    });
    for await (const partial of partialObjectStream) grown = partial;
    return grown;
  },
  schemaAfterTools: async () => {
    const output = Output.object({ schema: Forecast });
    return (await generateText({ ...weather, output })).output;
  },
  image: async () => {
    const image = { type: "image", image: questions.image };
    const messages = [{ role: "user", content: [image] }];
    return (await generateText({ model: hello.model, messages })).text;
  },
  stop: async () =>
    (await generateText({ ...hello, stopSequences: [questions.stop] })).text,
  embeddings: async () => {
    const { embeddings } = await embedMany({
      model: provider.textEmbeddingModel(questions.embeddingModel),
      values: ["one", "two"],
    });
    return embeddings.map((vector) => vector.length);
  },
  unknownModel: () =>
    generateText({ ...hello, model: provider(questions.unknownModel) }),
  wrongKey: () =>
    generateText({ ...hello, model: connect("sk-wrong")(questions.model) }),
});
