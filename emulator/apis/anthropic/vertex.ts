import { type Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { suffer } from "../gemini/faults.ts";
import { geminiOf } from "../gemini/state.ts";
import { PREDICT, requireAccess } from "../gemini/vertex.ts";
import { checkMessages } from "./check.ts";
import { AnthropicError, notDone } from "./error.ts";
import { type ClaudeModel, findClaude } from "./models.ts";
import { respond } from "./respond.ts";
import { readCount, readMessages } from "./shape.ts";
import { anthropicOf } from "./state.ts";
import { countInput } from "./usage.ts";

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
      return respond(c, cloud, request, {
        name: model.name,
        owner: c.req.param("project"),
        prefix: "msg_vrtx_",
      });
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
