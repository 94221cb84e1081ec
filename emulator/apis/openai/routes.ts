import { createHash } from "node:crypto";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { embed } from "../gemini/embedding.ts";
import { countTokens } from "../model/text.ts";
import { answer, countUsage } from "./answer.ts";
import { chunksOf } from "./chunks.ts";
import { OpenAiError, invalid, notDone } from "./error.ts";
import { listModels, requireChatModel, requireDimensions } from "./models.ts";
import { type ChatRequest, readChat, readEmbeddings } from "./request.ts";
import { openAiOf } from "./state.ts";

/** Below it stands what OpenAI has below https://api.openai.com. */
export const OPENAI_PATH = "/openai";

const BASE = `${OPENAI_PATH}/v1`;

/** OpenAI's API: chat, embeddings, the list of models. */
export function openAiRoutes(cloud: Cloud): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.use(`${BASE}/*`, async (c, next) => {
    requireKey(openAiOf(cloud).apiKeys, c.req.header("authorization"));
    await next();
  });
  routes.get(`${BASE}/models`, (c) =>
    c.json({
      object: "list",
      data: listModels().map((id) => ({
        id,
        object: "model",
        created: 0,
        owned_by: "openai",
      })),
    }),
  );
  routes.post(`${BASE}/chat/completions`, async (c) => {
    const request = readChat(await c.req.json());
    requireChatModel(request.model);
    const said = answer(request);
    const usage = countUsage(request, said);
    const head = headOf(request);
    if (request.stream !== true) {
      const { finish_reason, ...message } = said;
      return c.json({
        ...head,
        object: "chat.completion",
        choices: [
          {
            index: 0,
            message: { role: "assistant", refusal: null, ...message },
            logprobs: null,
            finish_reason,
          },
        ],
        usage,
      });
    }
    const wanted = request.stream_options?.include_usage === true;
    return streamSSE(c, async (sse) => {
      for (const chunk of chunksOf(head, said, wanted ? usage : undefined)) {
        await sse.writeSSE({ data: JSON.stringify(chunk) });
      }
      await sse.writeSSE({ data: "[DONE]" });
    });
  });
  routes.post(`${BASE}/embeddings`, async (c) => {
    const { model, input, dimensions, encoding_format } = readEmbeddings(
      await c.req.json(),
    );
    const most = requireDimensions(model);
    const size = dimensions ?? most;
    if (size > most) {
      throw invalid(
        "dimensions",
        `Invalid value for 'dimensions': at most ${most}.`,
      );
    }
    const texts = typeof input === "string" ? [input] : input;
    const data = texts.map((text, index) => ({
      object: "embedding",
      index,
      embedding: encode(embed(text, size), encoding_format),
    }));
    const tokens = countTokens(texts.join("\n"));
    const usage = { prompt_tokens: tokens, total_tokens: tokens };
    return c.json({ object: "list", data, model, usage });
  });
  routes.all(`${BASE}/*`, (c) => {
    throw notDone(`${c.req.method} ${c.req.path.slice(OPENAI_PATH.length)}`);
  });
  routes.onError((error) => {
    if (error instanceof OpenAiError) return error.toResponse();
    if (error instanceof SyntaxError)
      return invalid("", error.message).toResponse();
    throw error;
  });
  return routes;
}

/** The key is shown as OpenAI does: its beginning and its end. */
function requireKey(keys: ReadonlySet<string>, header = ""): void {
  const key = /^Bearer (.+)$/i.exec(header)?.[1];
  if (key === undefined) {
    throw new OpenAiError(
      401,
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    );
  }
  if (keys.has(key)) return;
  throw new OpenAiError(
    401,
    `Incorrect API key provided: ${mask(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
    { code: "invalid_api_key" },
  );
}

function mask(key: string): string {
  return key.length < 13
    ? "*".repeat(key.length)
    : `${key.slice(0, 8)}${"*".repeat(key.length - 12)}${key.slice(-4)}`;
}

function headOf(request: ChatRequest): object {
  const digest = createHash("sha256").update(JSON.stringify(request));
  return {
    id: `chatcmpl-${digest.digest("hex").slice(0, 29)}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
}

function encode(vector: number[], format = "float"): number[] | string {
  return format === "float"
    ? vector
    : Buffer.from(new Float32Array(vector).buffer).toString("base64");
}
