import process from "node:process";
import { GoogleGenAI } from "@google/genai";
import questions from "./questions.json" with { type: "json" };
import { join, report } from "./report.js";

const connect = (apiKey) =>
  new GoogleGenAI({
    apiKey,
    httpOptions: { baseUrl: process.env.GOOGLE_GEMINI_BASE_URL },
  });
const { models } = connect(process.env.GEMINI_API_KEY);
const { model } = questions;

const declared = {
  functionDeclarations: [
    {
      name: "get_weather",
      parametersJsonSchema: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
      },
    },
  ],
};
const answer = ({ id, name }) => ({
  functionResponse: { id, name, response: { output: questions.temperature } },
});
const hello = { model, contents: questions.hello };
const weather = {
  model,
  contents: questions.weather,
  config: {
    // The SDK calls it, and goes on with what it answers.
    tools: [
      {
        tool: async () => declared,
        callTool: async (calls) => calls.map(answer),
      },
    ],
  },
};
const forecast = {
  ...hello,
  config: {
    responseMimeType: "application/json",
    responseSchema: {
      type: "OBJECT",
      properties: {
        days: {
          type: "ARRAY",
          items: {
            type: "OBJECT",
            properties: {
              sky: { type: "STRING", enum: ["sunny", "cloudy"] },
              degrees: { type: "INTEGER" },
            },
          },
        },
      },
    },
  },
};
const stream = async (request) =>
  join(await models.generateContentStream(request), ({ text }) => text);

await report({
  chat: async () => (await models.generateContent(hello)).text,
  stream: () => stream(hello),
  toolTurn: async () => (await models.generateContent(weather)).text,
  streamedToolTurn: () => stream(weather),
  forcedTool: async () => {
    const functionCallingConfig = { mode: "ANY" };
    const { functionCalls } = await models.generateContent({
      model,
      contents: questions.noTool,
      config: { tools: [declared], toolConfig: { functionCallingConfig } },
    });
    return functionCalls?.[0]?.name;
  },
  schema: async () => JSON.parse((await models.generateContent(forecast)).text),
  streamedSchema: async () => JSON.parse(await stream(forecast)),
  image: async () => {
    const inlineData = { mimeType: "image/png", data: questions.image };
    return (await models.generateContent({ model, contents: [{ inlineData }] }))
      .text;
  },
  stop: async () => {
    const config = { stopSequences: [questions.stop] };
    return (await models.generateContent({ ...hello, config })).text;
  },
  tokens: async () => (await models.countTokens(hello)).totalTokens,
  unknownModel: () =>
    models.generateContent({ ...hello, model: questions.unknownModel }),
  wrongKey: () => connect("sk-wrong").models.generateContent(hello),
});
