import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";
import { Forecast } from "./forecast.js";
import questions from "./questions.json" with { type: "json" };
import { report } from "./report.js";

// ANTHROPIC_BASE_URL and ANTHROPIC_AUTH_TOKEN lead to the gateway.
const client = new Anthropic();
const { model } = questions;

const ask = (content) => ({
  model,
  max_tokens: 500,
  messages: [{ role: "user", content }],
});
const textOf = ({ content }) =>
  content.find(({ type }) => type === "text").text;
const getWeather = betaZodTool({
  name: "get_weather",
  description: "Tells the weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  run: () => questions.temperature,
});
// Of its own accord the runner sends only what is new, to a thread that LiteLLM does not keep.
const weather = {
  ...ask(questions.weather),
  tools: [getWeather],
  thread: false,
};
const forecast = {
  ...ask(questions.hello),
  output_config: {
    format: zodOutputFormat(Forecast),
  },
};

await report({
  chat: async () => textOf(await client.messages.create(ask(questions.hello))),
  stream: () => client.messages.stream(ask(questions.hello)).finalText(),
  toolTurn: async () => textOf(await client.beta.messages.toolRunner(weather)),
  streamedToolTurn: async () => {
    const runner = client.beta.messages.toolRunner({
      ...weather,
      stream: true,
    });
    return textOf(await runner.runUntilDone());
  },
  forcedTool: async () => {
    const { content } = await client.messages.create({
      ...ask(questions.noTool),
      tools: [{ name: "get_weather", input_schema: getWeather.input_schema }],
      tool_choice: { type: "tool", name: "get_weather" },
    });
    return content.find(({ type }) => type === "tool_use")?.name;
  },
  schema: async () => (await client.messages.parse(forecast)).parsed_output,
  streamedSchema: async () =>
    (await client.messages.stream(forecast).finalMessage()).parsed_output,
  image: async () => {
    const data = questions.image;
    const source = { type: "base64", media_type: "image/png", data };
    return textOf(
      await client.messages.create(ask([{ type: "image", source }])),
    );
  },
  stop: async () =>
    textOf(
      await client.messages.create({
        ...ask(questions.hello),
        stop_sequences: [questions.stop],
      }),
    ),
  tokens: async () => {
    const { messages } = ask(questions.hello);
    return (await client.messages.countTokens({ model, messages }))
      .input_tokens;
  },
  unknownModel: () =>
    client.messages.create({
      ...ask(questions.hello),
      model: questions.unknownModel,
    }),
  wrongKey: () =>
    new Anthropic({ authToken: "sk-wrong" }).messages.create(
      ask(questions.hello),
    ),
});
