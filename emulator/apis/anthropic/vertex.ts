import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { suffer } from "../gemini/faults.ts";
import { geminiOf } from "../gemini/state.ts";
import { PREDICT, requireAccess } from "../gemini/vertex.ts";
import { answer, countBlocks } from "./answer.ts";
import { checkMessages } from "./check.ts";
import { AnthropicError, notDone } from "./error.ts";
import { eventsOf } from "./events.ts";
import { type ClaudeModel, findClaude } from "./models.ts";
import type { MessagesRequest } from "./request.ts";
import { readCount, readMessages } from "./shape.ts";
import { anthropicOf } from "./state.ts";
import { countInput, useCache } from "./usage.ts";

const MODELS =
  "/:version{v1|v1beta1}/projects/:project/locations/:location/publishers/anthropic/models";

/** Claude on Vertex AI: Anthropic's Messages API behind Google's identity, in projects that enabled the model in Model Garden. */
export function claudeRoutes(cloud: Cloud): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const enter = (c: ClaudeContext): ClaudeModel => {
    const { project, location } = c.req.param();
    const [name = ""] = c.req.param("call").split(":");
    const resource = `projects/${project}/locations/${location}/publishers/anthropic/models/${name}`;
    requireAccess(cloud, c.var.caller, PREDICT, project, resource);
    return requireClaude(cloud, project, location, name, resource);
  };
  // Not in global: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/count-tokens
  routes.post(`${MODELS}/count-tokens:rawPredict`, async (c) => {
    const { project, location } = c.req.param();
    const resource = `projects/${project}/locations/${location}/publishers/anthropic/models/count-tokens`;
    requireAccess(cloud, c.var.caller, PREDICT, project, resource);
    const request = readCount(await c.req.json());
    if (location === "global" || request.model.includes("@")) {
      throw new AnthropicError(
        "invalid_request_error",
        `${request.model} is not supported for token counting in ${location}.`,
      );
    }
    requireClaude(cloud, project, location, request.model, resource);
    return c.json({ input_tokens: countInput(request) });
  });
  routes.post(
    `${MODELS}/:call{[^/:]+:(rawPredict|streamRawPredict)}`,
    async (c) => {
      const model = enter(c);
      await suffer(geminiOf(cloud), model.name);
      const request = readMessages(await c.req.json());
      checkMessages(model, request);
      return respond(c, cloud, model, request);
    },
  );
  routes.onError((error) => {
    if (error instanceof AnthropicError) return error.toResponse();
    if (error instanceof GoogleError && error.status === "UNIMPLEMENTED") {
      return notDone(error.message).toResponse();
    }
    throw error;
  });
  return routes;
}

type ClaudeContext = Context<
  ApiEnv,
  `${typeof MODELS}/:call{[^/:]+:(rawPredict|streamRawPredict)}`
>;

/** Throws what Google says where the model is not there, or not enabled in the project's Model Garden. */
function requireClaude(
  cloud: Cloud,
  project: string,
  location: string,
  name: string,
  resource: string,
): ClaudeModel {
  const model = findClaude(name, location);
  const enabled = anthropicOf(cloud).enabled.get(project);
  if (model !== undefined && enabled?.has(model.name) === true) return model;
  throw new GoogleError(
    "NOT_FOUND",
    `Publisher Model \`${resource}\` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions`,
  );
}

function respond(
  c: ClaudeContext,
  cloud: Cloud,
  model: ClaudeModel,
  request: MessagesRequest,
): Response {
  const { cache } = anthropicOf(cloud);
  const said = answer(model, request);
  const outputTokens = countBlocks(said.content);
  const digest = createHash("sha256").update(JSON.stringify(request));
  const message = {
    id: `msg_vrtx_${digest.digest("hex").slice(0, 24)}`,
    type: "message",
    role: "assistant",
    model: model.name,
    ...said,
    usage: {
      ...useCache(cache, c.req.param("project") + model.name, request),
      output_tokens: outputTokens,
    },
  };
  // Whether an answer is streamed the body says; the method only says whether it may be.
  if (request.stream !== true) return c.json(message);
  return streamSSE(c, async (sse) => {
    for (const event of eventsOf(message, outputTokens)) {
      await sse.writeSSE({ event: event.type, data: JSON.stringify(event) });
    }
  });
}
