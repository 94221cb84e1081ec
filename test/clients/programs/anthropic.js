import process from "node:process";
import Anthropic from "@anthropic-ai/sdk";

// ANTHROPIC_BASE_URL and ANTHROPIC_AUTH_TOKEN lead to the gateway.
const client = new Anthropic();
const model = "gemini-3.5-flash";
const ask = (content) => ({
  model,
  max_tokens: 500,
  messages: [{ role: "user", content }],
});

const whole = await client.messages.create(ask("Say hello."));
const stream = client.messages.stream(ask("Say hello."));
const called = await client.messages.create({
  ...ask('Call get_weather with {"city": "Rome"}.'),
  tools: [
    {
      name: "get_weather",
      input_schema: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
      },
    },
  ],
});
const { model: counted, messages } = ask("Say hello.");
const count = await client.messages.countTokens({ model: counted, messages });
process.stdout.write(
  JSON.stringify({
    chat: whole.content[0]?.text,
    streamed: await stream.finalText(),
    tool: JSON.stringify(
      called.content.find(({ type }) => type === "tool_use")?.input,
    ),
    tokens: count.input_tokens,
  }),
);
