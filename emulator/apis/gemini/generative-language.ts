import { type Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import { GoogleError } from "../../core/google-error.ts";
import type { CacheOwner } from "./cache.ts";
import {
  createCache,
  removeCache,
  showCache,
  showCaches,
} from "./cache-calls.ts";
import { batchEmbedContents, embedContent } from "./embed-content.ts";
import { suffer } from "./faults.ts";
import { count, generate } from "./generate.ts";
import { findModel, listModels, type Model } from "./models.ts";
import type { GeminiState } from "./state.ts";

export const GENERATIVE_LANGUAGE = {
  service: "generativelanguage.googleapis.com",
  title: "Generative Language API",
} as const;

const METHODS: Record<Model["mode"], string[]> = {
  chat: [
    "generateContent",
    "streamGenerateContent",
    "countTokens",
    "createCachedContent",
  ],
  embedding: ["embedContent", "batchEmbedContents", "countTokens"],
};

/** LiteLLM leaves the version out when it is told another base URL. */
const BASES = ["/v1beta", "/v1", ""];

/** The Gemini API of Google AI Studio: an API key is all that counts. */
export function generativeLanguageRoutes(state: GeminiState): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  for (const base of BASES) {
    routes.get(`${base}/models`, (c) => {
      requireKey(c, state);
      return c.json({ models: listModels("gemini").map(show) });
    });
    routes.post(`${base}/models/:call{[^/:]+:[A-Za-z]+}`, async (c) => {
      requireKey(c, state);
      const [name = "", method = ""] = c.req.param("call").split(":");
      // What LiteLLM makes of `cachedContents` when it is told another base URL.
      if (method === "cachedContents") {
        return createCache(c, state, ownerOf(c), (sent) =>
          requireModel(sent, "createCachedContent"),
        );
      }
      const model = requireModel(name, method);
      await suffer(state, name);
      const target = { platform: "gemini", model, owner: ownerOf(c) } as const;
      switch (method) {
        case "countTokens":
          return count(c, target);
        case "embedContent":
          return embedContent(c, model);
        case "batchEmbedContents":
          return batchEmbedContents(c, model);
        default:
          return generate(c, state, target, method !== "generateContent");
      }
    });
    addCacheRoutes(routes, base, state);
  }
  return routes;
}

function addCacheRoutes(
  routes: Hono<ApiEnv>,
  base: string,
  state: GeminiState,
): void {
  const enter = (c: Context<ApiEnv>): CacheOwner => {
    requireKey(c, state);
    return ownerOf(c);
  };
  const caches = `${base}/cachedContents` as const;
  routes.post(caches, (c) =>
    createCache(c, state, enter(c), (name) =>
      requireModel(name, "createCachedContent"),
    ),
  );
  routes.get(caches, (c) => showCaches(c, state, enter(c)));
  // The same, as LiteLLM asks for it when it is told another base URL.
  routes.get(`${base}/models/:call{[^/:]+:cachedContents}`, (c) =>
    showCaches(c, state, enter(c)),
  );
  const one = `${caches}/:id` as const;
  routes.get(one, (c) =>
    showCache(c, state, enter(c), `cachedContents/${c.req.param("id")}`),
  );
  routes.delete(one, (c) =>
    removeCache(c, state, enter(c), `cachedContents/${c.req.param("id")}`),
  );
}

/** Caches belong to a key's project; here each key has one of its own. */
function ownerOf(c: Context<ApiEnv>): CacheOwner {
  return {
    id: keyOf(c),
    parent: "",
    modelName: (model) => `models/${model.name}`,
  };
}

function keyOf(c: Context<ApiEnv>): string {
  return c.req.header("x-goog-api-key") ?? c.req.query("key") ?? "";
}

function requireKey(c: Context<ApiEnv>, state: GeminiState): void {
  const key = keyOf(c);
  if (key === "") {
    throw new GoogleError(
      "PERMISSION_DENIED",
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    );
  }
  if (state.apiKeys.has(key)) return;
  const message = "API key not valid. Please pass a valid API key.";
  throw new GoogleError("INVALID_ARGUMENT", message, [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
      metadata: { service: GENERATIVE_LANGUAGE.service },
    },
    {
      "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
      locale: "en-US",
      message,
    },
  ]);
}

function requireModel(name: string, method: string): Model {
  const model = findModel("gemini", name);
  if (model !== undefined && METHODS[model.mode].includes(method)) return model;
  throw new GoogleError(
    "NOT_FOUND",
    `models/${name} is not found for API version v1beta, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
  );
}

function show(model: Model): object {
  return {
    name: `models/${model.name}`,
    displayName: model.name,
    supportedGenerationMethods: METHODS[model.mode],
  };
}
