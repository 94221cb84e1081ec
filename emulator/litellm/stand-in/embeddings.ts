import type { ServerResponse } from "node:http";
import type { ReplyHeaders } from "./chat.ts";
import type { Deployment } from "./config.ts";
import type { Call } from "./gateway.ts";
import { callGemini } from "./google.ts";

/** Embeddings of one text or several. */
export async function answerEmbeddings(
  deployment: Deployment,
  call: Call,
  response: ServerResponse,
  headers: ReplyHeaders,
): Promise<void> {
  const texts = [call.input].flat().map(String);
  const { dimensions } = call;
  const size = typeof dimensions === "number" && {
    outputDimensionality: dimensions,
  };
  const data: object[] = [];
  for (const [index, text] of texts.entries()) {
    const content = { parts: [{ text }] };
    const isOld = deployment.model.startsWith("vertex_ai/gemini-embedding-001");
    const answer = isOld
      ? await callGemini(deployment, "predict", {
          instances: [{ content: text }],
          parameters: { ...size },
        })
      : await callGemini(deployment, "embedContent", { content, ...size });
    const values = isOld
      ? (
          (await answer.json()) as {
            predictions: [{ embeddings: { values: number[] } }];
          }
        ).predictions[0].embeddings.values
      : ((await answer.json()) as { embedding: { values: number[] } }).embedding
          .values;
    data.push({ object: "embedding", index, embedding: encode(values, call) });
  }
  response.writeHead(200, { "Content-Type": "application/json", ...headers });
  response.end(
    JSON.stringify({
      model: call.model,
      data,
      object: "list",
      usage: { prompt_tokens: texts.length, total_tokens: texts.length },
    }),
  );
}

/** OpenAI's clients ask for base64 unless told otherwise. */
function encode(values: number[], call: Call): number[] | string {
  if (call.encoding_format !== "base64") return values;
  return Buffer.from(Float32Array.from(values).buffer).toString("base64");
}
