import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { ApiError } from "./api-error.ts";
import type { Call, ReplyHeaders } from "./call.ts";
import type { Deployment } from "./config.ts";
import { callGemini } from "./google.ts";

interface GeminiAnswer {
  candidates?: {
    content?: { parts?: { text?: string }[] };
    finishReason?: string;
  }[];
  usageMetadata?: {
    promptTokenCount?: number;
    candidatesTokenCount?: number;
    totalTokenCount?: number;
  };
}

/** A chat completion, whole or streamed. */
export async function answerChat(
  deployment: Deployment,
  call: Call,
  response: ServerResponse,
  headers: ReplyHeaders,
): Promise<void> {
  const body = toGemini(call);
  const model = modelOf(call, headers);
  const base = { created: Math.floor(Date.now() / 1000), model };
  const id = `chatcmpl-${randomUUID()}`;
  if (call.stream === true) {
    const answer = await callGemini(
      deployment,
      "streamGenerateContent?alt=sse",
      body,
    );
    response.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      ...headers,
    });
    const object = "chat.completion.chunk";
    for await (const part of eventsOf(answer)) {
      const delta = { role: "assistant", content: textOf(part) };
      sendEvent(response, {
        id,
        object,
        ...base,
        choices: [{ index: 0, delta }],
      });
    }
    const end = { index: 0, delta: {}, finish_reason: "stop" };
    sendEvent(response, { id, object, ...base, choices: [end] });
    response.end("data: [DONE]\n\n");
    return;
  }
  const answer = await callGemini(deployment, "generateContent", body);
  const gemini = (await answer.json()) as GeminiAnswer;
  const usage = gemini.usageMetadata ?? {};
  const reason = gemini.candidates?.[0]?.finishReason;
  const choice = {
    finish_reason: reason === "MAX_TOKENS" ? "length" : "stop",
    index: 0,
    message: { content: textOf(gemini), role: "assistant" },
  };
  response.writeHead(200, { "Content-Type": "application/json", ...headers });
  response.end(
    JSON.stringify({
      id,
      object: "chat.completion",
      ...base,
      choices: [choice],
      usage: {
        completion_tokens: usage.candidatesTokenCount ?? 0,
        prompt_tokens: usage.promptTokenCount ?? 0,
        total_tokens: usage.totalTokenCount ?? 0,
      },
    }),
  );
}

function toGemini(call: Call): object {
  if (!Array.isArray(call.messages)) {
    throw new ApiError(
      400,
      "invalid_request_error",
      "/chat/completions: Missing required parameter: 'messages'.",
    );
  }
  const messages = call.messages as { role: string; content: unknown }[];
  const contents = messages
    .filter(({ role }) => role !== "system")
    .map(({ role, content }) => ({
      role: role === "assistant" ? "model" : "user",
      parts: partsOf(content),
    }));
  const system = messages.filter(({ role }) => role === "system");
  const { max_tokens: maxTokens } = call;
  return {
    contents,
    ...(system.length > 0 && {
      system_instruction: { parts: system.flatMap((m) => partsOf(m.content)) },
    }),
    generationConfig: {
      temperature: 1,
      ...(typeof maxTokens === "number" && { maxOutputTokens: maxTokens }),
    },
  };
}

function partsOf(content: unknown): object[] {
  if (typeof content === "string") return [{ text: content }];
  return ([content].flat() as { text?: string }[]).map(({ text = "" }) => ({
    text,
  }));
}

/** A fallback answers under its own name, everything else under the name that was asked for. */
function modelOf(call: Call, headers: ReplyHeaders): string {
  const own = headers["x-litellm-attempted-fallbacks"] !== "0";
  return own ? (headers["x-litellm-model-group"] ?? call.model) : call.model;
}

function textOf(answer: GeminiAnswer): string {
  const parts = answer.candidates?.[0]?.content?.parts ?? [];
  return parts.map(({ text = "" }) => text).join("");
}

async function* eventsOf(answer: Response): AsyncGenerator<GeminiAnswer> {
  if (answer.body === null) return;
  const input = Readable.fromWeb(answer.body);
  for await (const line of createInterface({ input })) {
    if (line.startsWith("data: ")) {
      yield JSON.parse(line.slice("data: ".length)) as GeminiAnswer;
    }
  }
}

function sendEvent(response: ServerResponse, event: object): void {
  response.write(`data: ${JSON.stringify(event)}\n\n`);
}
