import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from "openai/resources/chat/completions";
import type { OpenAI } from "openai";
import type { Passed } from "./attempt.ts";
import { CheckFailure } from "./failure.ts";
import { isRecord } from "./litellm-error.ts";
import {
  MAX_TOKENS,
  assessAnswer,
  makeMarker,
  makePrompt,
} from "./probe-text.ts";
import type { Run } from "./run.ts";

/** Fallbacks would hide a dead model behind a living one. */
export const WITHOUT_FALLBACKS = { disable_fallbacks: true };

/** One call of a model: by client-visible name, or by the id of one deployment. */
export interface ModelCall {
  run: Run;
  client: OpenAI;
  model: string;
  signal: AbortSignal;
}

/** What a call showed. */
export interface ModelAnswer extends Passed {
  /** Which deployment answered. */
  deploymentId: string | undefined;
}

export async function completeWhole(call: ModelCall): Promise<ModelAnswer> {
  const marker = makeMarker();
  const body: ChatCompletionCreateParamsNonStreaming = {
    ...chatBody(call.model, marker),
    stream: false,
  };
  call.run.modelCalls += 1;
  const { data, response } = await call.client.chat.completions
    .create(body, { signal: call.signal })
    .withResponse();
  const deploymentId = readHeaders(call.run, response.headers);
  const { choices, usage } = data as Partial<ChatCompletion>;
  call.run.spend({
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
    dollars: readCost(response.headers, usage),
  });
  const choice = choices?.[0];
  const text = choice?.message.content ?? "";
  return {
    detail: assessAnswer(marker, text, choice?.finish_reason),
    deploymentId,
  };
}

export async function completeStreamed(call: ModelCall): Promise<ModelAnswer> {
  const marker = makeMarker();
  const body: ChatCompletionCreateParamsStreaming = {
    ...chatBody(call.model, marker),
    stream: true,
    // Its tokens come with the last chunk.
    stream_options: { include_usage: true },
  };
  call.run.modelCalls += 1;
  const { data, response } = await call.client.chat.completions
    .create(body, { signal: call.signal })
    .withResponse();
  const deploymentId = readHeaders(call.run, response.headers);
  const { text, finishReason, chunks, usage } = await readStream(data);
  call.run.spend({
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
    dollars: readCost(response.headers, usage),
  });
  if (finishReason === undefined) {
    throw new CheckFailure(
      "cut-stream",
      `the stream ended after ${chunks} chunks without a finish_reason`,
    );
  }
  const detail = assessAnswer(marker, text, finishReason);
  return { detail: `${detail}, ${chunks} chunks`, deploymentId };
}

async function readStream(stream: AsyncIterable<ChatCompletionChunk>) {
  let text = "";
  let chunks = 0;
  let finishReason: string | undefined;
  let usage: ChatCompletionChunk["usage"];
  for await (const chunk of stream) {
    const { choices, usage: told } = chunk as Partial<ChatCompletionChunk>;
    usage = told ?? usage;
    const choice = choices?.[0];
    text += choice?.delta.content ?? "";
    finishReason = choice?.finish_reason ?? finishReason;
    chunks += 1;
  }
  return { text, chunks, finishReason, usage };
}

function chatBody(model: string, marker: string) {
  return {
    model,
    messages: [{ role: "user" as const, content: makePrompt(marker) }],
    max_tokens: MAX_TOKENS,
    ...WITHOUT_FALLBACKS,
  };
}

/**
 * What a call cost by LiteLLM's price list. LiteLLM tells it in a header, and of a stream in the usage where the protocol
 * is OpenAI's; of other streams, and of a model that has no price, it does not (1.108.14: test/deep/verify-litellm.test.ts).
 */
export function readCost(
  headers: Headers,
  usage?: unknown,
): number | undefined {
  const inStream = isRecord(usage) ? usage.cost : undefined;
  // NaN where nobody tells: null would be a price of 0.
  const told = headers.get("x-litellm-response-cost") ?? inStream ?? NaN;
  const cost = Number(told);
  return Number.isFinite(cost) ? cost : undefined;
}

/** LiteLLM's headers tell its version, the deployment, and whether a fallback answered. */
export function readHeaders(run: Run, headers: Headers): string | undefined {
  run.litellmVersion = headers.get("x-litellm-version") ?? run.litellmVersion;
  if (Number(headers.get("x-litellm-attempted-fallbacks") ?? 0) > 0) {
    throw new CheckFailure("other-deployment", "a fallback answered");
  }
  return headers.get("x-litellm-model-id") ?? undefined;
}
