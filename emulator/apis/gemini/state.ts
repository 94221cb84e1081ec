import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Slot } from "../../core/states.ts";
import type { Prompt } from "./request.ts";
import type { PromptTokens } from "./usage.ts";

/** How the emulated Gemini misbehaves on request. */
export interface GeminiFaults {
  /** Before an answer begins. */
  delayMs: number;
  /** Between the chunks of a stream. */
  chunkDelayMs: number;
  /** Answer this instead, as Google does when it is out of capacity. */
  status: 429 | 503 | undefined;
  /** How many calls get `status` before it works again. Infinity: all of them. */
  count: number;
  /** Only for these models; undefined: for all. */
  models: string[] | undefined;
  /** Refuse temperature, topP and topK where Google announced to: from Gemini 3.5 Flash-Lite and 3.6 on. */
  refuseSampling: boolean;
}

/** What was cached of a prompt. */
export interface Cache {
  name: string;
  model: string;
  displayName: string;
  createTime: Date;
  updateTime: Date;
  expireTime: Date;
  prompt: Prompt;
  tokens: PromptTokens;
}

export interface GeminiState {
  /** Keys of the Gemini API that are valid. */
  readonly apiKeys: Set<string>;
  /** What was cached, by its owner's id and its name. */
  readonly caches: Map<string, Map<string, Cache>>;
  faults: GeminiFaults;
}

const GEMINI: Slot<GeminiState> = {
  make: () => ({ apiKeys: new Set(), caches: new Map(), faults: noFaults() }),
};

export function geminiOf(cloud: Cloud): GeminiState {
  return cloud.states.of(GEMINI);
}

export function noFaults(): GeminiFaults {
  return {
    delayMs: 0,
    chunkDelayMs: 0,
    status: undefined,
    count: Infinity,
    models: undefined,
    refuseSampling: false,
  };
}

/** A key in the shape of those from Google AI Studio, valid from now on. */
export function newGeminiApiKey(state: GeminiState): string {
  const key = `AIza${randomBytes(27).toString("base64url").slice(0, 35)}`;
  state.apiKeys.add(key);
  return key;
}
