import { createHash } from "node:crypto";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { answer, countBlocks } from "./answer.ts";
import { eventsOf } from "./events.ts";
import type { MessagesRequest } from "./request.ts";
import { anthropicOf } from "./state.ts";
import { useCache } from "./usage.ts";

/** Who answers whom. */
interface Call {
  /** Of the model. */
  name: string;
  /** Whose prompts are cached. */
  owner: string;
  /** How the ids of messages begin. */
  prefix: string;
}

/** The answer, whole or as a stream of events. */
export function respond(
  c: Context<ApiEnv>,
  cloud: Cloud,
  request: MessagesRequest,
  { name, owner, prefix }: Call,
): Response {
  const { cache } = anthropicOf(cloud);
  const said = answer({ name }, request);
  const outputTokens = countBlocks(said.content);
  const digest = createHash("sha256").update(JSON.stringify(request));
  const message = {
    id: `${prefix}${digest.digest("hex").slice(0, 24)}`,
    type: "message",
    role: "assistant",
    model: name,
    ...said,
    usage: {
      ...useCache(cache, owner + name, request),
      output_tokens: outputTokens,
    },
  };
  // Whether an answer is streamed the body says; on Vertex AI the method only says whether it may be.
  if (request.stream !== true) return c.json(message);
  return streamSSE(c, async (sse) => {
    for (const event of eventsOf(message, outputTokens)) {
      await sse.writeSSE({ event: event.type, data: JSON.stringify(event) });
    }
  });
}
