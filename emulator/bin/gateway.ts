import OpenAI from "openai";
import type { Emulator } from "../emulator.ts";

const MODEL = "gemini-3.5-flash";
const QUESTION = "Say hello in one short sentence.";

/** Where a deployed gateway answers, and its key. */
export interface Gateway {
  url: string;
  key: string;
}

/** Reads what `deploy.ts --json` printed, and the key from the embedded Secret Manager. */
export function findGateway(emulator: Emulator, outcome: string): Gateway {
  const { url, masterKeySecret, masterKeyVersion } = JSON.parse(outcome) as {
    url: string;
    masterKeySecret: string;
    masterKeyVersion: string;
  };
  const project = emulator.cloud.project(emulator.projectId);
  const version = project.secrets
    .get(masterKeySecret)
    ?.versions.find((v) => v.number === Number(masterKeyVersion));
  return { url, key: version?.payload?.toString("utf8") ?? "" };
}

/** One question through the real OpenAI SDK, answered by the real LiteLLM. */
export async function askGateway(
  { url, key }: Gateway,
  options: { maxRetries?: number } = {},
): Promise<string> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, ...options });
  const completion = await client.chat.completions.create({
    model: MODEL,
    messages: [{ role: "user", content: QUESTION }],
  });
  return completion.choices[0]?.message.content ?? "";
}

/** What to try; the key is a throw-away one that is gone with the rehearsal. */
export function describeGateway({ url, key }: Gateway, answer: string): string {
  return `
Asked ${MODEL} through the OpenAI SDK: ${QUESTION}
Answered: ${answer}

  Base URL  ${url}/v1
  API key   ${key}

Try it:

  curl ${url}/v1/chat/completions \\
    -H "Authorization: Bearer ${key}" \\
    -H "Content-Type: application/json" \\
    -d '{"model": "${MODEL}", "messages": [{"role": "user", "content": "Hello"}]}'

  from openai import OpenAI
  client = OpenAI(base_url="${url}/v1",
                  api_key="${key}")
  print(client.chat.completions.create(model="${MODEL}",
        messages=[{"role": "user", "content": "Hello"}]).choices[0].message.content)
`;
}
