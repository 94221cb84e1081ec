import { createHash } from "node:crypto";
import { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { checkMessages } from "./check.ts";
import { AnthropicError, notDone } from "./error.ts";
import { type ClaudeModel, findOwnClaude } from "./models.ts";
import { respond } from "./respond.ts";
import { readOwnCount, readOwnMessages } from "./shape.ts";
import { anthropicOf } from "./state.ts";
import { countInput } from "./usage.ts";

/** Below it stands what Anthropic has below https://api.anthropic.com. */
export const ANTHROPIC_PATH = "/anthropic";

const BASE = `${ANTHROPIC_PATH}/v1`;

/** Anthropic's own Messages API, behind a key of Anthropic's. */
export function anthropicRoutes(cloud: Cloud): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.use(`${BASE}/*`, async (c, next) => {
    requireKey(c.req.raw.headers, anthropicOf(cloud).apiKeys);
    await next();
  });
  routes.post(`${BASE}/messages`, async (c) => {
    const { model: name, ...request } = readOwnMessages(await c.req.json());
    const model = requireClaude(name);
    checkMessages(model, request);
    const owner = c.req.header("x-api-key") ?? "";
    const hash = createHash("sha256").update(owner).digest("hex");
    return respond(c, cloud, request, { name, owner: hash, prefix: "msg_01" });
  });
  routes.post(`${BASE}/messages/count_tokens`, async (c) => {
    const request = readOwnCount(await c.req.json());
    requireClaude(request.model);
    return c.json({ input_tokens: countInput(request) });
  });
  routes.all(`${BASE}/*`, (c) => {
    throw notDone(`${c.req.method} ${c.req.path.slice(ANTHROPIC_PATH.length)}`);
  });
  routes.onError((error) => {
    if (error instanceof AnthropicError) return error.toResponse();
    if (error instanceof SyntaxError) {
      return new AnthropicError(
        "invalid_request_error",
        error.message,
      ).toResponse();
    }
    throw error;
  });
  return routes;
}

function requireKey(headers: Headers, apiKeys: ReadonlySet<string>): void {
  const key = headers.get("x-api-key");
  if (key === null || !apiKeys.has(key)) {
    throw new AnthropicError(
      "authentication_error",
      key === null ? "x-api-key header is required" : "invalid x-api-key",
    );
  }
  if (!headers.has("anthropic-version")) {
    throw new AnthropicError(
      "invalid_request_error",
      "anthropic-version: header is required",
    );
  }
}

function requireClaude(name: string): ClaudeModel {
  const model = findOwnClaude(name);
  if (model !== undefined) return model;
  throw new AnthropicError("not_found_error", `model: ${name}`);
}
