import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { Forecast } from "./forecast.js";
import questions from "./questions.json" with { type: "json" };
import { join, report } from "./report.js";

// Where the gateway is, and its key, stand in OPENAI_BASE_URL and OPENAI_API_KEY, which the SDK reads itself.
const client = new OpenAI();
const { model, embeddingModel, temperature } = questions;
// Version 4 keeps its helpers apart.
const { completions } =
  client.chat.completions.parse === undefined ? client.beta.chat : client.chat;

const ask = (content) => ({ model, messages: [{ role: "user", content }] });
const textOf = ({ choices }) => choices[0]?.message.content;
const weather = {
  ...ask(questions.weather),
  tools: [
    zodFunction({
      name: "get_weather",
      parameters: z.object({ city: z.string() }),
      function: () => temperature,
    }),
  ],
};
const [declared] = weather.tools;
const forecast = {
  ...ask(questions.hello),
  response_format: zodResponseFormat(Forecast, "forecast"),
};
const texts = { model: embeddingModel, input: ["one", "two"] };
const lengths = ({ data }) => data.map(({ embedding }) => embedding.length);

await report({
  chat: async () =>
    textOf(await client.chat.completions.create(ask(questions.hello))),
  stream: async () =>
    join(
      await client.chat.completions.create({
        ...ask(questions.hello),
        stream: true,
      }),
      ({ choices }) => choices[0]?.delta.content,
    ),
  toolTurn: () => completions.runTools(weather).finalContent(),
  streamedToolTurn: () =>
    completions.runTools({ ...weather, stream: true }).finalContent(),
  forcedTool: async () => {
    const { choices } = await client.chat.completions.create({
      ...ask(questions.noTool),
      tools: [{ type: "function", function: declared.function }],
      tool_choice: { type: "function", function: { name: "get_weather" } },
    });
    return choices[0].message.tool_calls?.[0]?.function.name;
  },
  schema: async () =>
    (await completions.parse(forecast)).choices[0].message.parsed,
  streamedSchema: async () => {
    const { choices } = await completions
      .stream(forecast)
      .finalChatCompletion();
    return choices[0].message.parsed;
  },
  image: async () => {
    const url = `data:image/png;base64,${questions.image}`;
    return textOf(
      await client.chat.completions.create(
        ask([{ type: "image_url", image_url: { url } }]),
      ),
    );
  },
  stop: async () =>
    textOf(
      await client.chat.completions.create({
        ...ask(questions.hello),
        stop: [questions.stop],
      }),
    ),
  responses: async () =>
    (await client.responses.create({ model, input: questions.hello }))
      .output_text,
  embeddings: async () =>
    lengths(
      await client.embeddings.create({ ...texts, encoding_format: "float" }),
    ),
  // Of its own accord it asks for base64, and LiteLLM answers with numbers all the same.
  embeddingsByDefault: async () =>
    lengths(await client.embeddings.create(texts)),
  unknownModel: () =>
    client.chat.completions.create({
      ...ask(questions.hello),
      model: questions.unknownModel,
    }),
  wrongKey: () =>
    new OpenAI({ apiKey: "sk-wrong" }).chat.completions.create(
      ask(questions.hello),
    ),
});
