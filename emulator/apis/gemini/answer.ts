import type { Content, GenerateRequest } from "./request.ts";

/** A rough token count, the same every time: four characters a token. */
export function countTokens(text: string): number {
  return Math.max(1, Math.ceil(Array.from(text).length / 4));
}

export function textOf(contents: readonly Content[]): string {
  return contents
    .flatMap((content) => content.parts)
    .flatMap((part) => part.text ?? [])
    .join("\n");
}

/** What the emulated model says: the same for the same request, and it repeats the prompt. */
export function answerText(model: string, request: GenerateRequest): string {
  const turn = request.contents.findLast((content) => content.role !== "model");
  const prompt = turn === undefined ? "" : textOf([turn]);
  const text = `This is ${model}, rehearsed on your machine. You wrote: ${prompt}`;
  return request.generationConfig.responseMimeType === "application/json"
    ? JSON.stringify({ answer: text })
    : text;
}

/** Whole words, so that no character is torn apart; at least three chunks for any answer. */
export function splitIntoChunks(text: string, wordsPerChunk = 4): string[] {
  const words = text.match(/\s*\S+|\s+$/g) ?? [text];
  const chunks: string[] = [];
  for (let start = 0; start < words.length; start += wordsPerChunk) {
    chunks.push(words.slice(start, start + wordsPerChunk).join(""));
  }
  return chunks;
}

/** Cuts the text at the token limit, which ends the answer as on Google. */
export function limitAnswer(
  text: string,
  maxOutputTokens: number | undefined,
): { text: string; finishReason: "STOP" | "MAX_TOKENS" } {
  if (maxOutputTokens === undefined || countTokens(text) <= maxOutputTokens) {
    return { text, finishReason: "STOP" };
  }
  const kept = Array.from(text)
    .slice(0, maxOutputTokens * 4)
    .join("");
  return { text: kept, finishReason: "MAX_TOKENS" };
}
