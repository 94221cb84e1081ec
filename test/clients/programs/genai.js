import process from "node:process";
import { GoogleGenAI } from "@google/genai";

const client = new GoogleGenAI({
  apiKey: process.env.GEMINI_API_KEY,
  httpOptions: { baseUrl: process.env.GOOGLE_GEMINI_BASE_URL },
});
const model = "gemini-3.5-flash";

const whole = await client.models.generateContent({
  model,
  contents: "Say hello.",
});
let streamed = "";
for await (const chunk of await client.models.generateContentStream({
  model,
  contents: "Say hello.",
})) {
  streamed += chunk.text ?? "";
}
const called = await client.models.generateContent({
  model,
  contents: 'Call get_weather with {"city": "Rome"}.',
  config: {
    tools: [
      {
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
      },
    ],
  },
});
const count = await client.models.countTokens({ model, contents: "Hello." });
process.stdout.write(
  JSON.stringify({
    chat: whole.text,
    streamed,
    tool: JSON.stringify(called.functionCalls?.[0]?.args),
    tokens: count.totalTokens,
  }),
);
