import type { ServerResponse } from "node:http";
import type { Call, ReplyHeaders } from "./call.ts";
import type { Deployment } from "./config.ts";
import { callGemini } from "./google.ts";

/** Embeddings of one text or several, always as numbers, as LiteLLM answers for Gemini. */
export async function answerEmbeddings(
  deployment: Deployment,
  call: Call,
  response: ServerResponse,
  headers: ReplyHeaders,
): Promise<void> {
  const texts = [call.input].flat().map(String);
  const vectors = await embed(deployment, texts, call.dimensions);
  response.writeHead(200, { "Content-Type": "application/json", ...headers });
  response.end(
    JSON.stringify({
      model: call.model,
      data: vectors.map((embedding, index) => ({
        object: "embedding",
        index,
        embedding,
      })),
      object: "list",
      usage: { prompt_tokens: texts.length, total_tokens: texts.length },
    }),
  );
}

async function embed(
  deployment: Deployment,
  texts: string[],
  dimensions: unknown,
): Promise<number[][]> {
  const size = typeof dimensions === "number" && {
    outputDimensionality: dimensions,
  };
  const { model } = deployment;
  if (model === "vertex_ai/gemini-embedding-001") {
    const answer = await callGemini(deployment, "predict", {
      instances: texts.map((content) => ({ content })),
      parameters: { ...size },
    });
    const { predictions } = (await answer.json()) as {
      predictions: { embeddings: { values: number[] } }[];
    };
    return predictions.map((prediction) => prediction.embeddings.values);
  }
  if (model.startsWith("vertex_ai/")) {
    // LiteLLM sends all texts as parts of one content: they get one vector.
    const parts = texts.map((text) => ({ text }));
    const body = { content: { parts }, ...size };
    const answer = await callGemini(deployment, "embedContent", body);
    const { embedding } = (await answer.json()) as {
      embedding: { values: number[] };
    };
    return [embedding.values];
  }
  const requests = texts.map((text) => ({
    content: { parts: [{ text }] },
    ...size,
  }));
  const answer = await callGemini(deployment, "batchEmbedContents", {
    requests,
  });
  const { embeddings } = (await answer.json()) as {
    embeddings: { values: number[] }[];
  };
  return embeddings.map(({ values }) => values);
}
