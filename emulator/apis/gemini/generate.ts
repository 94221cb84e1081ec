import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { ApiEnv } from "../../core/api.ts";
import { parseJson } from "../../core/json-problems.ts";
import { splitIntoChunks } from "../model/text.ts";
import { type Answer, answer } from "./answer.ts";
import { type CacheOwner, expandPrompt } from "./cache.ts";
import { checkGeneration } from "./check-generation.ts";
import { checkTurns, requireRoles } from "./check-turns.ts";
import { checkFunctions } from "./functions.ts";
import type { Model, Platform } from "./models.ts";
import {
  type GenerateRequest,
  type Part,
  readCountRequest,
  readGenerateRequest,
} from "./request.ts";
import { blockOf, checkSafety } from "./safety.ts";
import type { GeminiState } from "./state.ts";
import { countPrompt, detailsOf, type PromptTokens } from "./usage.ts";

/** Who is asked, for whom. */
export interface Target {
  platform: Platform;
  model: Model;
  owner: CacheOwner;
}

/** `:generateContent` and `:streamGenerateContent`. */
export async function generate(
  c: Context<ApiEnv>,
  state: GeminiState,
  target: Target,
  stream: boolean,
): Promise<Response> {
  const { model, platform, owner } = target;
  const body = parseJson(await c.req.text());
  const sent = readGenerateRequest(body, platform);
  const { prompt, cached } = expandPrompt(state, owner, model, sent);
  const request = { ...sent, ...prompt };
  checkGeneration(model, request, state.faults.refuseSampling);
  checkSafety(request);
  checkFunctions(request);
  if (platform === "vertex_ai") requireRoles(request);
  checkTurns(model, request);
  const responses = respond(model, request, cached, stream);
  if (!stream) return c.json(responses[0]);
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
export async function count(
  c: Context<ApiEnv>,
  { platform, model }: Target,
): Promise<Response> {
  const prompt = readCountRequest(parseJson(await c.req.text()), platform);
  checkTurns(model, prompt);
  const tokens = countPrompt(prompt);
  return c.json({
    totalTokens: tokens.total,
    promptTokensDetails: detailsOf(tokens),
  });
}

/** One response, or the pieces of a stream, of which the last has the usage. */
function respond(
  model: Model,
  request: GenerateRequest,
  cached: PromptTokens | undefined,
  stream: boolean,
): object[] {
  const block = blockOf(request);
  if (block !== undefined) {
    return [
      {
        promptFeedback: { blockReason: "SAFETY", safetyRatings: [block] },
        usageMetadata: usageOf(request, cached, []),
        modelVersion: model.name,
      },
    ];
  }
  const { candidateCount = 1 } = request.generationConfig;
  const answers = Array.from({ length: candidateCount }, (_, index) =>
    answer(model, request, index),
  );
  const usageMetadata = usageOf(request, cached, answers);
  const end = { usageMetadata, modelVersion: model.name };
  const whole = answers.map((one, index) => toCandidate(one, one.parts, index));
  if (!stream) return [{ candidates: whole, ...end }];
  const pieces = answers.flatMap((one, index) => {
    const split = one.parts.flatMap(splitPart);
    const last = split.pop();
    return [
      ...split.map((part) => toPiece(part, index)),
      toCandidate(one, last === undefined ? [] : [last], index),
    ];
  });
  return pieces.map((candidate, index) => ({
    candidates: [candidate],
    ...(index === pieces.length - 1 ? end : { modelVersion: model.name }),
  }));
}

function splitPart(part: Part): Part[] {
  if (part.text === undefined) return [part];
  return splitIntoChunks(part.text).map((text) => ({ ...part, text }));
}

function toPiece(part: Part, index: number): object {
  return { content: { role: "model", parts: [part] }, index };
}

function toCandidate(one: Answer, parts: Part[], index: number): object {
  const { finishReason, safetyRatings } = one;
  return {
    content: { role: "model", ...(parts.length > 0 && { parts }) },
    finishReason,
    ...(safetyRatings !== undefined && { safetyRatings }),
    index,
  };
}

function usageOf(
  request: GenerateRequest,
  cached: PromptTokens | undefined,
  answers: Answer[],
): object {
  const prompt = countPrompt(request);
  const said = sum(answers.map(({ tokens }) => tokens));
  const thought = sum(answers.map(({ thoughtTokens }) => thoughtTokens));
  return {
    promptTokenCount: prompt.total,
    ...(said > 0 && { candidatesTokenCount: said }),
    totalTokenCount: prompt.total + said + thought,
    ...(cached !== undefined && {
      cachedContentTokenCount: cached.total,
      cacheTokensDetails: detailsOf(cached),
    }),
    promptTokensDetails: detailsOf(prompt),
    ...(thought > 0 && { thoughtsTokenCount: thought }),
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
