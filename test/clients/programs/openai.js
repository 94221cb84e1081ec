import process from "node:process";
import OpenAI from "openai";

// Where the gateway is, and its key, stand in OPENAI_BASE_URL and OPENAI_API_KEY, which the SDK reads itself.
const client = new OpenAI();
const model = "gemini-3.5-flash";
const ask = (content) => ({ model, messages: [{ role: "user", content }] });

const whole = await client.chat.completions.create(ask("Say hello."));
let streamed = "";
for await (const chunk of await client.chat.completions.create({
  ...ask("Say hello."),
  stream: true,
})) {
  streamed += chunk.choices[0]?.delta.content ?? "";
}
const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
};
const called = await client.chat.completions.create({
  ...ask('Call get_weather with {"city": "Rome"}.'),
  tools: [{ type: "function", function: { name: "get_weather", parameters } }],
});
const texts = { model: "gemini-embedding-001", input: ["one", "two"] };
const embedded = await client.embeddings.create({
  ...texts,
  encoding_format: "float",
});
// Of its own accord it asks for base64, and LiteLLM answers with numbers all the same.
const byDefault = await client.embeddings.create(texts);
const response = await client.responses.create({ model, input: "Say hello." });
process.stdout.write(
  JSON.stringify({
    chat: whole.choices[0]?.message.content,
    streamed,
    tool: called.choices[0]?.message.tool_calls?.[0]?.function.arguments,
    vectors: embedded.data.map(({ embedding }) => embedding.length),
    byDefault: byDefault.data.map(({ embedding }) => embedding.length),
    response: response.output_text,
  }),
);
