import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { ApiEnv } from "../../core/api.ts";
import {
  answerText,
  countTokens,
  limitAnswer,
  splitIntoChunks,
  textOf,
} from "./answer.ts";
import type { Model } from "./models.ts";
import {
  asArray,
  asObject,
  checkGeneration,
  type GenerateRequest,
  readContent,
  readGenerateRequest,
  toCamelCase,
} from "./request.ts";
import type { GeminiState } from "./state.ts";

/** `:generateContent` and `:streamGenerateContent`. */
export async function generate(
  c: Context<ApiEnv>,
  state: GeminiState,
  model: Model,
  stream: boolean,
): Promise<Response> {
  const request = readGenerateRequest(await c.req.json());
  checkGeneration(model, request, state.faults.refuseSampling);
  const { text, finishReason } = limitAnswer(
    answerText(model.name, request),
    request.generationConfig.maxOutputTokens,
  );
  const end = { finishReason, ...usageOf(request, text) };
  if (!stream) return c.json(toResponse(model, text, end));
  const responses = splitIntoChunks(text).map((chunk, index, chunks) =>
    toResponse(model, chunk, index === chunks.length - 1 ? end : {}),
  );
  if (c.req.query("alt") !== "sse") return c.json(responses);
  const { chunkDelayMs } = state.faults;
  return streamSSE(c, async (sse) => {
    for (const [index, response] of responses.entries()) {
      if (index > 0) await delay(chunkDelayMs);
      if (sse.aborted) return;
      await sse.writeSSE({ data: JSON.stringify(response) });
    }
  });
}

/** `:countTokens`. */
export async function count(c: Context<ApiEnv>): Promise<Response> {
  const json = toCamelCase(asObject(await c.req.json()));
  const inner = json.generateContentRequest;
  const request = inner === undefined ? json : toCamelCase(asObject(inner));
  const contents = asArray(request.contents).map(readContent);
  return c.json({ totalTokens: countTokens(textOf(contents)) });
}

interface End {
  finishReason?: string;
  usageMetadata?: object;
}

function toResponse(model: Model, text: string, end: End): object {
  const { finishReason, usageMetadata } = end;
  return {
    candidates: [
      {
        content: { role: "model", parts: [{ text }] },
        ...(finishReason !== undefined && { finishReason }),
        index: 0,
      },
    ],
    ...(usageMetadata !== undefined && { usageMetadata }),
    modelVersion: model.name,
  };
}

function usageOf(request: GenerateRequest, text: string): End {
  const system = request.systemInstruction;
  const prompt = textOf([...(system ? [system] : []), ...request.contents]);
  const promptTokenCount = countTokens(prompt);
  const candidatesTokenCount = countTokens(text);
  return {
    usageMetadata: {
      promptTokenCount,
      candidatesTokenCount,
      totalTokenCount: promptTokenCount + candidatesTokenCount,
    },
  };
}
