import process from "node:process";
import OpenAI from "openai";
import { VERSION } from "openai/version";

// Where the gateway is, and its key, stand in OPENAI_BASE_URL and OPENAI_API_KEY, which the SDK reads itself.
const client = new OpenAI();
const question = {
  model: "gemini-3.5-flash",
  messages: [{ role: "user", content: "Say hello in one short sentence." }],
};

const whole = await client.chat.completions.create(question);
const chunks = [];
for await (const chunk of await client.chat.completions.create({
  ...question,
  stream: true,
})) {
  chunks.push(chunk.choices[0]?.delta.content ?? "");
}
process.stdout.write(
  JSON.stringify({
    version: VERSION,
    whole: whole.choices[0]?.message.content,
    streamed: chunks.join(""),
    chunks: chunks.filter((text) => text !== "").length,
  }),
);
