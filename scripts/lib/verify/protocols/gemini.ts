import { isRecord } from "../litellm-error.ts";
import {
  type ModelAnswer,
  type ModelCall,
  WITHOUT_FALLBACKS,
  readCost,
} from "../model-calls.ts";
import {
  MAX_TOKENS,
  assessAnswer,
  makeMarker,
  makePrompt,
} from "../probe-text.ts";
import { joinText, post, readEvents } from "./post.ts";

// Gemini's own protocol, which the Gemini CLI and google-genai speak.

export async function generateWhole(call: ModelCall): Promise<ModelAnswer> {
  const marker = makeMarker();
  const answer = await send(call, "generateContent", marker);
  const { json, headers, deploymentId } = answer;
  return { detail: assess(call, marker, [json], headers), deploymentId };
}

export async function generateStreamed(call: ModelCall): Promise<ModelAnswer> {
  const marker = makeMarker();
  const method = "streamGenerateContent?alt=sse";
  const { text, headers, deploymentId } = await send(call, method, marker);
  const events = readEvents(text);
  const detail = assess(call, marker, events, headers);
  return { detail: `${detail}, ${events.length} events`, deploymentId };
}

function send(
  call: ModelCall,
  method: string,
  marker: string,
): ReturnType<typeof post> {
  call.run.modelCalls += 1;
  return post(call, `/v1beta/models/${call.model}:${method}`, {
    contents: [{ role: "user", parts: [{ text: makePrompt(marker) }] }],
    generationConfig: { maxOutputTokens: MAX_TOKENS },
    ...WITHOUT_FALLBACKS,
  });
}

/** Of a whole answer, or the pieces of a stream. */
function assess(
  { run }: ModelCall,
  marker: string,
  pieces: readonly unknown[],
  headers: Headers,
): string {
  const answers = pieces.filter(isRecord);
  const candidates = answers.flatMap(({ candidates }) =>
    Array.isArray(candidates) ? candidates.filter(isRecord).slice(0, 1) : [],
  );
  const usage = answers.findLast(({ usageMetadata }) =>
    isRecord(usageMetadata),
  );
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount } =
    isRecord(usage?.usageMetadata) ? usage.usageMetadata : {};
  const said = Number(candidatesTokenCount ?? 0);
  run.spend({
    input: Number(promptTokenCount),
    output: said + Number(thoughtsTokenCount ?? 0),
    dollars: readCost(headers),
  });
  const parts = candidates.flatMap(({ content }): unknown[] =>
    isRecord(content) && Array.isArray(content.parts) ? content.parts : [],
  );
  const text = joinText(parts);
  const reason = candidates.at(-1)?.finishReason;
  const isLong = reason === "MAX_TOKENS";
  return assessAnswer(marker, text, isLong ? "length" : String(reason));
}
