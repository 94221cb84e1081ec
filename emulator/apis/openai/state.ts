import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Slot } from "../../core/states.ts";

export interface OpenAiState {
  /** Keys that are valid. */
  readonly apiKeys: Set<string>;
}

const OPENAI: Slot<OpenAiState> = { make: () => ({ apiKeys: new Set() }) };

export function openAiOf(cloud: Cloud): OpenAiState {
  return cloud.states.of(OPENAI);
}

/** A key in the shape of OpenAI's, valid from now on. */
export function newOpenAiKey({ apiKeys }: OpenAiState): string {
  const key = `sk-proj-${randomBytes(36).toString("hex")}`;
  apiKeys.add(key);
  return key;
}
