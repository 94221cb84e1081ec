import type { BadAnswer } from "../verify/bad-answer.ts";
import { classifyAnswer } from "../verify/classify-answer.ts";
import { isRecord } from "../verify/litellm-error.ts";
import type { Failure } from "./call.ts";

/**
 * Reads an answer to its end, and says why it is none; undefined: it is whole.
 * `onFirst` is called at its first byte, of a stream at each token: the first call counts.
 * Throws what fetch throws where the connection breaks.
 */
export async function readAnswer(
  response: Response,
  stream: boolean,
  onFirst: () => void,
): Promise<Failure | undefined> {
  const { ok, status, headers } = response;
  if (stream && ok) return readStream(response, onFirst);
  const text = await readText(response, onFirst);
  const json = parse(text);
  if (!ok) return toFailure({ status, headers, text, json });
  if (isRecord(json) && Array.isArray(json.choices)) return undefined;
  const words = "the answer is no chat completion";
  return { kind: "unexpected", status, words };
}

async function readText(
  response: Response,
  onFirst: () => void,
): Promise<string> {
  let text = "";
  for await (const piece of decode(response)) {
    onFirst();
    text += piece;
  }
  return text;
}

/** Server-sent events, as OpenAI has them: chunks with deltas, then `[DONE]`; LiteLLM tells an error in the middle as one of them. */
async function readStream(
  response: Response,
  onToken: () => void,
): Promise<Failure | undefined> {
  const { status } = response;
  for await (const line of readLines(response)) {
    if (!line.startsWith("data:")) continue;
    const data = line.slice("data:".length).trim();
    if (data === "[DONE]") return undefined;
    const json = parse(data);
    if (!isRecord(json)) continue;
    if (json.error !== undefined) return toStreamFailure(json.error, data);
    if (hasToken(json)) onToken();
  }
  const words = "the stream ended without [DONE]";
  return { kind: "cut-stream", status, words };
}

/** Text, a thought, or a part of a tool call. */
function hasToken({ choices }: Record<string, unknown>): boolean {
  const [choice] = Array.isArray(choices) ? (choices as unknown[]) : [];
  const delta = isRecord(choice) && isRecord(choice.delta) ? choice.delta : {};
  return [delta.content, delta.reasoning_content, delta.tool_calls].some(
    (part) =>
      (typeof part === "string" || Array.isArray(part)) && part.length > 0,
  );
}

/** The stream itself began with 200; the error has a code of its own. */
function toStreamFailure(error: unknown, text: string): Failure {
  const code = isRecord(error) ? Number(error.code) : NaN;
  const status = code >= 400 && code < 600 ? code : 500;
  return toFailure({ status, text, json: { error } });
}

function toFailure(answer: BadAnswer): Failure {
  const { kind, message } = classifyAnswer(answer);
  return { kind, status: answer.status, words: message };
}

async function* readLines(response: Response): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of decode(response)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

async function* decode({ body }: Response): AsyncGenerator<string> {
  if (body === null) return;
  const decoder = new TextDecoder();
  const pieces: AsyncIterable<Uint8Array> = body;
  for await (const bytes of pieces) {
    yield decoder.decode(bytes, { stream: true });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
