import { isRecord } from "../litellm-error.ts";
import {
  type ModelAnswer,
  type ModelCall,
  WITHOUT_FALLBACKS,
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
  const { json, deploymentId } = answer;
  return { detail: assess(call, marker, [json]), deploymentId };
}

export async function generateStreamed(call: ModelCall): Promise<ModelAnswer> {
  const marker = makeMarker();
  const method = "streamGenerateContent?alt=sse";
  const { text, deploymentId } = await send(call, method, marker);
  const events = readEvents(text);
  const detail = assess(call, marker, events);
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
): string {
  const answers = pieces.filter(isRecord);
  const candidates = answers.flatMap(({ candidates }) =>
    Array.isArray(candidates) ? candidates.filter(isRecord).slice(0, 1) : [],
  );
  const usage = answers.findLast(({ usageMetadata }) =>
    isRecord(usageMetadata),
  );
  if (isRecord(usage?.usageMetadata)) {
    const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount } =
      usage.usageMetadata;
    const said = Number(candidatesTokenCount ?? 0);
    run.spend(Number(promptTokenCount), said + Number(thoughtsTokenCount ?? 0));
  }
  const parts = candidates.flatMap(({ content }): unknown[] =>
    isRecord(content) && Array.isArray(content.parts) ? content.parts : [],
  );
  const text = joinText(parts);
  const reason = candidates.at(-1)?.finishReason;
  const isLong = reason === "MAX_TOKENS";
  return assessAnswer(marker, text, isLong ? "length" : String(reason));
}
