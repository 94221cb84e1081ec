import { createHash } from "node:crypto";
import { countTokens } from "../model/text.ts";
import { countBlocks } from "./answer.ts";
import type { MessagesRequest } from "./request.ts";

/** Prefixes of prompts that were cached, by their hash, with the time until which they are. */
export type PromptCache = Map<string, number>;

interface InputUsage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

/** Below it a breakpoint is ignored ("Prompt caching", "Cache limitations"; newer models ask for more). */
const LEAST_TOKENS = 1024;

const LIFETIME = { "5m": 300_000, "1h": 3_600_000 };

/** Of the whole prompt, in the order in which Anthropic caches it: tools, system, messages. */
export function countInput(request: MessagesRequest): number {
  return count(piecesOf(request));
}

/** What the last breakpoint's prefix costs: written the first time, read while it lasts. */
export function useCache(
  cache: PromptCache,
  owner: string,
  request: MessagesRequest,
): InputUsage {
  const pieces = piecesOf(request);
  const total = count(pieces);
  const last = pieces.findLastIndex(({ lifetime }) => lifetime !== undefined);
  const prefix = pieces.slice(0, last + 1);
  const cached = count(prefix);
  if (cached < LEAST_TOKENS) return usage(total, 0, 0);
  const hash = createHash("sha256")
    .update(owner + JSON.stringify(prefix.map(({ text }) => text)))
    .digest("hex");
  const isThere = (cache.get(hash) ?? 0) > Date.now();
  cache.set(hash, Date.now() + LIFETIME[pieces[last]?.lifetime ?? "5m"]);
  return isThere
    ? usage(total - cached, 0, cached)
    : usage(total - cached, cached, 0);
}

interface Piece {
  text: string;
  tokens: number;
  lifetime: "5m" | "1h" | undefined;
}

function piecesOf({ tools = [], system = [], messages }: MessagesRequest) {
  const blocks = [...system, ...messages.flatMap(({ content }) => content)];
  return [
    ...tools.map(({ cache_control: control, ...tool }): Piece => {
      const text = JSON.stringify(tool);
      const lifetime = control && (control.ttl ?? "5m");
      return { text, tokens: countTokens(text), lifetime };
    }),
    ...blocks.map((block): Piece => {
      const { cache_control: control, ...rest } = block;
      const lifetime = control && (control.ttl ?? "5m");
      const tokens = countBlocks([rest]);
      return { text: JSON.stringify(rest), tokens, lifetime };
    }),
  ];
}

function count(pieces: Piece[]): number {
  return pieces.reduce((total, { tokens }) => total + tokens, 0);
}

function usage(input: number, created: number, read: number): InputUsage {
  return {
    input_tokens: input,
    cache_creation_input_tokens: created,
    cache_read_input_tokens: read,
  };
}
