import process from "node:process";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embed, generateText, streamText, tool } from "ai";
import { z } from "zod";

const provider = createOpenAICompatible({
  name: "litellm",
  baseURL: process.env.OPENAI_BASE_URL,
  apiKey: process.env.OPENAI_API_KEY,
});
const model = provider("gemini-3.5-flash");

const whole = await generateText({ model, prompt: "Say hello." });
const streamed = await streamText({ model, prompt: "Say hello." }).text;
const called = await generateText({
  model,
  prompt: 'Call get_weather with {"city": "Rome"}.',
  tools: {
    get_weather: tool({ inputSchema: z.object({ city: z.string() }) }),
  },
});
const { embedding } = await embed({
  model: provider.textEmbeddingModel("gemini-embedding-001"),
  value: "one",
});
process.stdout.write(
  JSON.stringify({
    chat: whole.text,
    streamed,
    tool: JSON.stringify(called.toolCalls[0]?.input),
    vectors: [embedding.length],
  }),
);
