import { countTokens } from "../model/text.ts";
import { IMAGE_TOKENS } from "./image.ts";
import type { Content, Part, Prompt } from "./request.ts";

export interface PromptTokens {
  text: number;
  image: number;
  total: number;
}

/** Of all that a model is told; declared tools count as their JSON. */
export function countPrompt(prompt: Prompt): PromptTokens {
  const { systemInstruction: system, tools } = prompt;
  const parts = [...(system ? [system] : []), ...prompt.contents].flatMap(
    (content) => content.parts ?? [],
  );
  const words = parts.flatMap(wordsOf);
  if (tools !== undefined) words.push(JSON.stringify(tools));
  const images = parts.filter((part) => part.inlineData !== undefined).length;
  const image = images * IMAGE_TOKENS;
  const text =
    words.length === 0 && images > 0 ? 0 : countTokens(words.join("\n"));
  return { text, image, total: text + image };
}

/** As `promptTokensDetails` writes them. */
export function detailsOf(tokens: PromptTokens): object[] {
  return [
    ...(tokens.text > 0 ? [{ modality: "TEXT", tokenCount: tokens.text }] : []),
    ...(tokens.image > 0
      ? [{ modality: "IMAGE", tokenCount: tokens.image }]
      : []),
  ];
}

export function textOf(contents: readonly Content[]): string {
  return contents
    .flatMap((content) => content.parts ?? [])
    .flatMap((part) => part.text ?? [])
    .join("\n");
}

function wordsOf(part: Part): string[] {
  const { text, functionCall, functionResponse } = part;
  if (text !== undefined) return [text];
  const call = functionCall ?? functionResponse;
  return call === undefined ? [] : [JSON.stringify(call)];
}
