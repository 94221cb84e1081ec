import { GoogleError } from "../../core/google-error.ts";
import { invalidArgument, type Problem } from "../../core/json-problems.ts";
import { message, type Message, type Type } from "../../core/message.ts";
import {
  COUNT_TOKENS,
  GENERATE_ON_GEMINI_API,
  GENERATE_ON_VERTEX,
  type CONTENT,
  type FUNCTION_DECLARATION,
  type GENERATION_CONFIG,
  type PART,
  type SAFETY_SETTING,
  type TOOL,
  type TOOL_CONFIG,
} from "./fields.ts";
import type { Platform } from "./models.ts";

export type Part = Message<typeof PART>;
export type Content = Message<typeof CONTENT>;
export type Tool = Message<typeof TOOL>;
export type ToolConfig = Message<typeof TOOL_CONFIG>;
export type FunctionDeclaration = Message<typeof FUNCTION_DECLARATION>;
export type GenerationConfig = Message<typeof GENERATION_CONFIG>;

/** What a model is told: of a request, of a cache, or of both together. */
export interface Prompt {
  contents: Content[];
  systemInstruction?: Content;
  tools?: Tool[];
  toolConfig?: ToolConfig;
}

export interface GenerateRequest extends Prompt {
  generationConfig: GenerationConfig;
  safetySettings: Message<typeof SAFETY_SETTING>[];
  /** Of the cache that the prompt begins with. */
  cachedContent?: string;
}

const GENERATE = {
  vertex_ai: message(GENERATE_ON_VERTEX),
  gemini: message(GENERATE_ON_GEMINI_API),
};

const COUNT = {
  vertex_ai: message(COUNT_TOKENS),
  gemini: message({
    ...COUNT_TOKENS,
    generateContentRequest: GENERATE.gemini,
  }),
};

/** Reads a `generateContent` body. Throws INVALID_ARGUMENT in Google's words. */
export function readGenerateRequest(
  body: unknown,
  platform: Platform,
): GenerateRequest {
  const request = read(body, GENERATE[platform]);
  if ((request.contents ?? []).length === 0) {
    throw invalid(
      "Unable to submit request because at least one contents field is required. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini",
    );
  }
  return {
    ...request,
    contents: request.contents ?? [],
    generationConfig: request.generationConfig ?? {},
    safetySettings: request.safetySettings ?? [],
  };
}

/** Reads a `countTokens` body; the Gemini API takes a whole request in it. */
export function readCountRequest(body: unknown, platform: Platform): Prompt {
  const request = read(body, COUNT[platform]);
  const whole: Partial<Prompt> & { cachedContent?: string } =
    "generateContentRequest" in request
      ? (request.generateContentRequest ?? {})
      : request;
  if (whole.cachedContent !== undefined) {
    throw notDone("counting the tokens of a prompt with a cache");
  }
  return { ...whole, contents: whole.contents ?? [] };
}

/** Reads a body. Throws INVALID_ARGUMENT with every problem. */
export function read<T>(body: unknown, type: Type<T>): T {
  const problems: Problem[] = [];
  const value = type.read(body, "", problems);
  if (problems.length > 0 || value === undefined) {
    throw invalidArgument(problems);
  }
  return value;
}

export function invalid(message: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", message);
}

/** What the emulated Gemini does not do: a 501 that names it. */
export function notDone(what: string): GoogleError {
  return new GoogleError(
    "UNIMPLEMENTED",
    `The emulated Gemini does not cover ${what}.`,
  );
}
