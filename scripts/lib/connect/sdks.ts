import { exportOutput, exportText, run } from "./bash.ts";
import type { Gateway } from "./gateway.ts";

// What speaks OpenAI's protocol. The official SDKs read OPENAI_BASE_URL and
// OPENAI_API_KEY themselves.

const QUESTION = "Say hello in one short sentence.";

export function connectOpenaiPython(gateway: Gateway): string[] {
  const model = JSON.stringify(gateway.model);
  const program = `from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(
    model=${model},
    messages=[{"role": "user", "content": "${QUESTION}"}],
)
print(answer.choices[0].message.content)`;
  return [...exportOpenai(gateway), run("python3 -", program)];
}

export function connectOpenaiNode(gateway: Gateway): string[] {
  const model = JSON.stringify(gateway.model);
  const program = `import OpenAI from "openai";

const client = new OpenAI();
const answer = await client.chat.completions.create({
  model: ${model},
  messages: [{ role: "user", content: "${QUESTION}" }],
});
console.log(answer.choices[0].message.content);`;
  return [...exportOpenai(gateway), run("node --input-type=module", program)];
}

/** LangChain's embeddings send numbers in place of text unless they are told not to; Gemini takes text. */
export function connectLangchain(gateway: Gateway): string[] {
  const { embedding } = gateway;
  const lines = [
    "from langchain_openai import ChatOpenAI, OpenAIEmbeddings",
    "",
    `model = ChatOpenAI(model=${JSON.stringify(gateway.model)})`,
    `print(model.invoke("${QUESTION}").text)`,
    ...(embedding === undefined
      ? []
      : [
          "",
          "embeddings = OpenAIEmbeddings(",
          `    model=${JSON.stringify(embedding)}, check_embedding_ctx_length=False`,
          ")",
          `print(len(embeddings.embed_query("${QUESTION}")), "dimensions")`,
        ]),
  ];
  return [...exportOpenai(gateway), run("python3 -", lines.join("\n"))];
}

/** Open WebUI's documentation: "Environment Variable Configuration". */
export function connectOpenWebui(gateway: Gateway): string[] {
  const { url, keyCommand, model, smallModel } = gateway;
  return [
    exportText("OPENAI_API_BASE_URL", `${url}/v1`),
    exportOutput("OPENAI_API_KEY", keyCommand),
    exportText("DEFAULT_MODELS", model),
    exportText("TASK_MODEL_EXTERNAL", smallModel),
    exportText("ENABLE_OLLAMA_API", "false"),
    "# then: open-webui serve",
  ];
}

export function connectCurl(gateway: Gateway): string[] {
  const body = {
    model: gateway.model,
    messages: [{ role: "user", content: QUESTION }],
  };
  const request = [
    'curl "$OPENAI_BASE_URL/chat/completions"',
    '-H "Authorization: Bearer $OPENAI_API_KEY"',
    '-H "Content-Type: application/json" -d @-',
  ].join(" \\\n  ");
  return [...exportOpenai(gateway), run(request, JSON.stringify(body))];
}

function exportOpenai({ url, keyCommand }: Gateway): string[] {
  return [
    exportText("OPENAI_BASE_URL", `${url}/v1`),
    exportOutput("OPENAI_API_KEY", keyCommand),
  ];
}
