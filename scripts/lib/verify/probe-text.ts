import { randomBytes } from "node:crypto";
import { CheckFailure } from "./failure.ts";

/** Letters of two, three and four bytes, which a wrong encoding anywhere would spoil. */
const LETTERS = "grüß-你好-🌍";

/**
 * An answer may cost this many tokens, thoughts included: enough for models
 * that think before they speak, cents for a whole verification.
 */
export const MAX_TOKENS = 512;

/** A text that no cache knows and that survives only as UTF-8. */
export function makeMarker(): string {
  return `${LETTERS}-${randomBytes(3).toString("hex")}`;
}

export function makePrompt(marker: string): string {
  return `Repeat this text exactly, without any other word: ${marker}`;
}

/**
 * What a model's answer is worth. A real model need not repeat the marker; it
 * must say something, unless it thought until the limit, and say it in sound UTF-8.
 */
export function assessAnswer(
  marker: string,
  text: string,
  finishReason: string | null | undefined,
): string {
  if (text.includes(marker)) return "repeated UTF-8 text";
  if (text.includes("\uFFFD") || text.includes(spoil(LETTERS))) {
    throw new CheckFailure("damaged-text", "the answer's UTF-8 is damaged");
  }
  if (text.trim() !== "") return "answered";
  if (finishReason === "length") {
    return `thought for all of ${MAX_TOKENS} tokens, no text`;
  }
  if (finishReason === "content_filter") {
    throw new CheckFailure("blocked-answer", "the answer was held back");
  }
  throw new CheckFailure(
    "empty-answer",
    `an empty answer (finish_reason ${String(finishReason)})`,
  );
}

/** UTF-8 read as Latin-1, the usual damage; its first letters suffice. */
function spoil(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1").slice(0, 4);
}
