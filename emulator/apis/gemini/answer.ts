import { callFunctions } from "./functions.ts";
import { describeImage } from "./image.ts";
import { makeValue } from "../model/make-value.ts";
import type { Model } from "./models.ts";
import type { GenerateRequest, GenerationConfig, Part } from "./request.ts";
import { stopOf } from "./safety.ts";
import { countTokens, limitText, stopAt } from "../model/text.ts";

/** One answer, and why it ends there. */
export interface Answer {
  parts: Part[];
  finishReason: "STOP" | "MAX_TOKENS" | "SAFETY";
  safetyRatings?: object[];
  tokens: number;
  thoughtTokens: number;
}

/** What the emulated model says: the same for the same request, and it repeats what it was told. */
export function answer(
  model: Model,
  request: GenerateRequest,
  candidate: number,
): Answer {
  const stop = stopOf(request);
  if (stop !== undefined) {
    return {
      parts: [],
      finishReason: "SAFETY",
      safetyRatings: [stop],
      tokens: 0,
      thoughtTokens: 0,
    };
  }
  const config = request.generationConfig;
  const thoughtTokens = countThoughts(config);
  const thoughts =
    thoughtTokens > 0 && config.thinkingConfig?.includeThoughts === true
      ? [{ text: "I repeat what I was told.", thought: true }]
      : [];
  const most = (config.maxOutputTokens ?? Infinity) - thoughtTokens;
  const calls = callFunctions(model, request);
  if (calls.length > 0) {
    const tokens = countTokens(JSON.stringify(calls));
    return tokens > most
      ? {
          parts: thoughts,
          finishReason: "MAX_TOKENS",
          tokens: 0,
          thoughtTokens,
        }
      : {
          parts: [...thoughts, ...calls],
          finishReason: "STOP",
          tokens,
          thoughtTokens,
        };
  }
  const said = stopAt(
    answerText(model, request, candidate),
    config.stopSequences,
  );
  const text = limitText(said, most);
  const finishReason = text === said ? "STOP" : "MAX_TOKENS";
  return {
    parts: text === "" ? thoughts : [...thoughts, { text }],
    finishReason,
    tokens: text === "" ? 0 : countTokens(text),
    thoughtTokens,
  };
}

function answerText(
  model: Model,
  request: GenerateRequest,
  candidate: number,
): string {
  const turn = request.contents.findLast((content) => content.role !== "model");
  const told = (turn?.parts ?? []).flatMap(describePart);
  const which = candidate === 0 ? "" : ` Candidate ${candidate + 1}.`;
  const text = `This is ${model.name}, rehearsed on your machine.${which} ${told.join("\n")}`;
  const { responseMimeType, responseSchema, responseJsonSchema } =
    request.generationConfig;
  const schema = responseSchema ?? responseJsonSchema;
  if (responseMimeType === "text/x.enum") {
    return String(makeValue(schema ?? {}, text));
  }
  if (responseMimeType !== "application/json") return text;
  return JSON.stringify(
    schema === undefined ? { answer: text } : makeValue(schema, text),
  );
}

function describePart(part: Part, index: number): string[] {
  const { text, inlineData, functionResponse } = part;
  if (text !== undefined) return [index === 0 ? `You wrote: ${text}` : text];
  if (inlineData !== undefined) return [describeImage(inlineData)];
  if (functionResponse === undefined) return [];
  const { name = "", response = {} } = functionResponse;
  return [`${name} answered: ${JSON.stringify(response)}`];
}

/** Made up, and smaller than Google's: a model thinks here only where the request says how much. */
function countThoughts({ thinkingConfig = {} }: GenerationConfig): number {
  const { thinkingLevel, thinkingBudget, includeThoughts } = thinkingConfig;
  if (thinkingBudget !== undefined) {
    return thinkingBudget < 0 ? 16 : Math.min(thinkingBudget, 16);
  }
  switch (thinkingLevel) {
    case "MINIMAL":
      return 0;
    case "LOW":
      return 4;
    case "HIGH":
      return 32;
    case "MEDIUM":
      return 16;
    default:
      return includeThoughts === true ? 16 : 0;
  }
}
