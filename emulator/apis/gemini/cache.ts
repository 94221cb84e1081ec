import { randomBytes } from "node:crypto";
import { GoogleError } from "../../core/google-error.ts";
import type { Model } from "./models.ts";
import { type GenerateRequest, invalid, type Prompt } from "./request.ts";
import type { Cache, GeminiState } from "./state.ts";
import { countPrompt, type PromptTokens } from "./usage.ts";

/** Whose caches they are: a key of the Gemini API, or a project and a location of Vertex AI. */
export interface CacheOwner {
  /** What nobody else has. */
  id: string;
  /** What stands before `cachedContents/ID` in a name; empty on the Gemini API. */
  parent: string;
  /** A model's name there, e.g. `models/gemini-3.8-flash`. */
  modelName: (model: Model) => string;
}

/** Seen on the Gemini API for all Gemini 3 models, in September 2026; LiteLLM's issue 17696 has the same for 2.5 Flash. */
const LEAST_TOKENS = 1024;

/** Stores it under a name of its own. Throws INVALID_ARGUMENT for one that is too small. */
export function addCache(
  state: GeminiState,
  owner: CacheOwner,
  cache: Omit<Cache, "name" | "tokens">,
): Cache {
  const tokens = countPrompt(cache.prompt);
  if (tokens.total < LEAST_TOKENS) {
    throw invalid(
      `Cached content is too small. total_token_count=${tokens.total}, min_total_token_count=${LEAST_TOKENS}`,
    );
  }
  const id = randomBytes(20).toString("hex");
  const added = {
    ...cache,
    name: `${owner.parent}cachedContents/${id}`,
    tokens,
  };
  cachesOf(state, owner).set(added.name, added);
  return added;
}

/** Those that have not expired. */
export function listCaches(state: GeminiState, owner: CacheOwner): Cache[] {
  const now = new Date();
  return [...cachesOf(state, owner).values()].filter(
    ({ expireTime }) => expireTime > now,
  );
}

/** Throws PERMISSION_DENIED where there is none, as Google does. */
export function findCache(
  state: GeminiState,
  owner: CacheOwner,
  name: string,
): Cache {
  const found = listCaches(state, owner).find((cache) => cache.name === name);
  if (found !== undefined) return found;
  throw new GoogleError(
    "PERMISSION_DENIED",
    "CachedContent not found (or permission denied)",
  );
}

export function deleteCache(
  state: GeminiState,
  owner: CacheOwner,
  name: string,
): void {
  cachesOf(state, owner).delete(findCache(state, owner, name).name);
}

/** The prompt with what its cache holds before it. Throws where Google refuses the two together. */
export function expandPrompt(
  state: GeminiState,
  owner: CacheOwner,
  model: Model,
  request: GenerateRequest,
): { prompt: Prompt; cached?: PromptTokens } {
  const { cachedContent, contents } = request;
  if (cachedContent === undefined) return { prompt: request };
  const cache = findCache(state, owner, cachedContent);
  if (request.systemInstruction ?? request.tools ?? request.toolConfig) {
    throw invalid(
      "CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.\n\nProposed fix: move those values to CachedContent from GenerateContent request.",
    );
  }
  const asked = owner.modelName(model);
  if (cache.model !== asked) {
    throw invalid(
      `Model used by GenerateContent request (${asked}) and CachedContent (${cache.model}) has to be the same.`,
    );
  }
  return {
    prompt: {
      ...cache.prompt,
      contents: [...cache.prompt.contents, ...contents],
    },
    cached: cache.tokens,
  };
}

function cachesOf(state: GeminiState, owner: CacheOwner): Map<string, Cache> {
  const caches = state.caches.get(owner.id) ?? new Map<string, Cache>();
  state.caches.set(owner.id, caches);
  return caches;
}
