import type { Context } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import { parseJson } from "../../core/json-problems.ts";
import { message } from "../../core/message.ts";
import {
  addCache,
  type CacheOwner,
  deleteCache,
  findCache,
  listCaches,
} from "./cache.ts";
import { checkTurns } from "./check-turns.ts";
import { CACHED_CONTENT } from "./fields.ts";
import { checkFunctions } from "./functions.ts";
import type { Model } from "./models.ts";
import { invalid, read } from "./request.ts";
import type { Cache, GeminiState } from "./state.ts";

const TYPE = message(CACHED_CONTENT);

/** Where no lifetime is asked for: an hour. */
const DEFAULT_SECONDS = 3600;

/** `cachedContents.create`. `findModel` throws NOT_FOUND. */
export async function createCache(
  c: Context<ApiEnv>,
  state: GeminiState,
  owner: CacheOwner,
  findModel: (name: string) => Model,
): Promise<Response> {
  const sent = read(parseJson(await c.req.text()), TYPE);
  const { model: name = "", displayName = "", ttl, expireTime } = sent;
  const model = findModel(name.split("/").at(-1) ?? "");
  if (name !== owner.modelName(model)) {
    throw invalid(`Invalid model name: ${name}`);
  }
  const prompt = { ...sent, contents: sent.contents ?? [] };
  checkFunctions(prompt);
  checkTurns(model, prompt);
  const now = new Date();
  const cache = addCache(state, owner, {
    model: name,
    displayName,
    createTime: now,
    updateTime: now,
    expireTime: expiryOf(ttl, expireTime, now),
    prompt: {
      contents: prompt.contents,
      ...(sent.systemInstruction && {
        systemInstruction: sent.systemInstruction,
      }),
      ...(sent.tools && { tools: sent.tools }),
      ...(sent.toolConfig && { toolConfig: sent.toolConfig }),
    },
  });
  return c.json(show(cache));
}

/** `cachedContents.list`: all on one page; empty where there is none. */
export function showCaches(
  c: Context<ApiEnv>,
  state: GeminiState,
  owner: CacheOwner,
): Response {
  const cachedContents = listCaches(state, owner).map(show);
  return c.json(cachedContents.length === 0 ? {} : { cachedContents });
}

/** `cachedContents.get`. */
export function showCache(
  c: Context<ApiEnv>,
  state: GeminiState,
  owner: CacheOwner,
  name: string,
): Response {
  return c.json(show(findCache(state, owner, name)));
}

/** `cachedContents.delete`. */
export function removeCache(
  c: Context<ApiEnv>,
  state: GeminiState,
  owner: CacheOwner,
  name: string,
): Response {
  deleteCache(state, owner, name);
  return c.json({});
}

function expiryOf(
  ttl: string | undefined,
  expireTime: string | undefined,
  now: Date,
): Date {
  if (expireTime !== undefined && ttl === undefined) {
    const expiry = new Date(expireTime);
    if (expiry > now) return expiry;
    throw invalid("expire_time must be in the future.");
  }
  const [, seconds = ""] =
    /^(\d+(?:\.\d+)?)s$/.exec(ttl ?? `${DEFAULT_SECONDS}s`) ?? [];
  if (Number(seconds) > 0)
    return new Date(now.getTime() + Number(seconds) * 1000);
  throw invalid(
    `Invalid value at 'cached_content.ttl' (type.googleapis.com/google.protobuf.Duration), "${ttl ?? ""}"`,
  );
}

/** Nothing of what is cached is told again. */
function show(cache: Cache): object {
  return {
    name: cache.name,
    model: cache.model,
    createTime: cache.createTime.toISOString(),
    updateTime: cache.updateTime.toISOString(),
    expireTime: cache.expireTime.toISOString(),
    displayName: cache.displayName,
    usageMetadata: { totalTokenCount: cache.tokens.total },
  };
}
