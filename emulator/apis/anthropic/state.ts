import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import type { Slot } from "../../core/states.ts";
import type { PromptCache } from "./usage.ts";

export interface AnthropicState {
  /** Models that a project has enabled in Model Garden, by project id. */
  readonly enabled: Map<string, Set<string>>;
  readonly cache: PromptCache;
  /** Keys of Anthropic's own API that are valid. */
  readonly apiKeys: Set<string>;
}

const ANTHROPIC: Slot<AnthropicState> = {
  make: () => ({ enabled: new Map(), cache: new Map(), apiKeys: new Set() }),
};

export function anthropicOf(cloud: Cloud): AnthropicState {
  return cloud.states.of(ANTHROPIC);
}

/** A key in the shape of Anthropic's, valid from now on. */
export function newAnthropicKey({ apiKeys }: AnthropicState): string {
  const key = `sk-ant-api03-${randomBytes(36).toString("hex")}`;
  apiKeys.add(key);
  return key;
}

/** What a person does in the console's Model Garden: accepts the terms of a model of Anthropic's for a project. */
export function enableClaude(
  cloud: Cloud,
  project: string,
  model: string,
): void {
  const { enabled } = anthropicOf(cloud);
  const models = enabled.get(project) ?? new Set();
  enabled.set(project, models.add(model));
}

/** `PUT /emulator/model-garden/PROJECT/MODEL`: the same for other processes, with an access token. */
export function modelGardenRoutes(cloud: Cloud): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.put("/emulator/model-garden/:project/:model", (c) => {
    const { project, model } = c.req.param();
    enableClaude(cloud, project, model);
    return c.json({ project, model });
  });
  return routes;
}
