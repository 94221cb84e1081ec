import type { Model } from "./models.ts";
import { type GenerateRequest, invalid, notDone } from "./request.ts";

/** How many tokens an answer of Gemini has at most (googleapis/python-genai and BerriAI/litellm pull 10548: 65536 is refused where 65535 is the limit). */
const MOST_TOKENS = 65_536;

/** `generateContent`'s "Request body": up to 5 sequences. */
const MOST_STOP_SEQUENCES = 5;

/** Ranges, and what goes together, in `generationConfig`. Throws INVALID_ARGUMENT. */
export function checkGeneration(
  model: Model,
  request: GenerateRequest,
  refuseSampling: boolean,
): void {
  checkRanges(request);
  checkPenalties(model, request);
  checkSampling(model, request, refuseSampling);
  checkThinking(model, request);
  checkFormat(model, request);
  const { candidateCount = 1, stopSequences = [] } = request.generationConfig;
  if (candidateCount > 1 && model.version >= 3) {
    throw invalid("Multiple candidates is not enabled for this model");
  }
  if (stopSequences.length > MOST_STOP_SEQUENCES) {
    throw invalid(
      `Unable to submit request because it has ${stopSequences.length} stopSequences but the maximum is ${MOST_STOP_SEQUENCES}. Update the value and try again.`,
    );
  }
  if (stopSequences.includes("")) {
    throw invalid(
      "Unable to submit request because a stopSequences entry is empty. Update the value and try again.",
    );
  }
}

function checkRanges({ generationConfig }: GenerateRequest): void {
  const { temperature, topP, topK, maxOutputTokens, candidateCount } =
    generationConfig;
  const { presencePenalty, frequencyPenalty } = generationConfig;
  checkRange("temperature", temperature, 0, "2.0 (inclusive)", 2);
  checkRange("topP", topP, 0, "1.0 (inclusive)", 1);
  checkRange("topK", topK, 1, "65 (exclusive)", 64);
  checkRange("candidateCount", candidateCount, 1, "9 (exclusive)", 8);
  const up = `${MOST_TOKENS} (exclusive)`;
  checkRange("maxOutputTokens", maxOutputTokens, 1, up, MOST_TOKENS - 1);
  checkRange("presencePenalty", presencePenalty, -2, "2.0 (exclusive)", 1.99);
  checkRange("frequencyPenalty", frequencyPenalty, -2, "2.0 (exclusive)", 1.99);
}

/** Gemini 2.0 was the last that took one that is not 0 (google-gemini/cookbook, issue 1290; July 2026). */
function checkPenalties(model: Model, { generationConfig }: GenerateRequest) {
  const { presencePenalty = 0, frequencyPenalty = 0 } = generationConfig;
  if (
    model.version < 2.5 ||
    (presencePenalty === 0 && frequencyPenalty === 0)
  ) {
    return;
  }
  throw invalid("Penalty is not enabled for this model");
}

function checkRange(
  name: string,
  value: number | undefined,
  from: number,
  upTo: string,
  most: number,
): void {
  if (value === undefined || (value >= from && value <= most)) return;
  throw invalid(
    `Unable to submit request because it has a ${name} value of ${value} but the supported range is from ${from} (inclusive) to ${upTo}. Update the value and try again.`,
  );
}

/** What the newer models no longer take. */
function checkSampling(
  model: Model,
  { contents, generationConfig }: GenerateRequest,
  refuseSampling: boolean,
): void {
  if (model.supportsSampling) return;
  if (contents.at(-1)?.role === "model") {
    throw invalid("Requests ending with a model turn are not supported.");
  }
  const { temperature, topP, topK } = generationConfig;
  const sent = Object.entries({ temperature, topP, topK }).find(
    ([, value]) => value !== undefined,
  );
  if (refuseSampling && sent !== undefined) {
    throw invalid(
      `Unable to submit request because ${sent[0]} is not supported by ${model.name}. Remove it and try again.`,
    );
  }
}

/** https://ai.google.dev/gemini-api/docs/thinking: levels from Gemini 3 on, budgets for 2.5. */
function checkThinking(
  model: Model,
  { generationConfig }: GenerateRequest,
): void {
  const { thinkingLevel, thinkingBudget } =
    generationConfig.thinkingConfig ?? {};
  if (thinkingLevel !== undefined && thinkingBudget !== undefined) {
    throw invalid(
      "You can only set only one of thinking budget and thinking level.",
    );
  }
  const unsupported =
    (thinkingLevel !== undefined && model.version < 3) ||
    (thinkingLevel === "MINIMAL" && !model.supportsMinimalThinking);
  if (unsupported) {
    throw invalid("Thinking level is not supported for this model.");
  }
  checkRange("thinkingBudget", thinkingBudget, -1, "32769 (exclusive)", 32_768);
}

const FORMATS = ["text/plain", "application/json", "text/x.enum"];

function checkFormat(model: Model, request: GenerateRequest): void {
  const { responseMimeType, responseSchema, responseJsonSchema } =
    request.generationConfig;
  const { responseModalities = ["TEXT"] } = request.generationConfig;
  const modality = responseModalities.find((name) => name !== "TEXT");
  if (modality !== undefined)
    throw notDone(`the response modality ${modality}`);
  const mime = responseMimeType ?? "text/plain";
  if (!FORMATS.includes(mime)) {
    throw invalid(
      `Unable to submit request because ${mime} is not a supported responseMimeType. Supported values: ${FORMATS.join(", ")}.`,
    );
  }
  if (responseSchema !== undefined && responseJsonSchema !== undefined) {
    throw invalid(
      "Unable to submit request because responseSchema and responseJsonSchema are both set. Remove one of them and try again.",
    );
  }
  const schema = responseSchema ?? responseJsonSchema;
  if (schema !== undefined && mime === "text/plain") {
    throw invalid(
      "Unable to submit request because a response schema is set, and responseMimeType is not application/json. Update it and try again.",
    );
  }
  if (mime === "text/x.enum" && !Array.isArray(schema?.enum)) {
    throw invalid(
      "Unable to submit request because responseMimeType is text/x.enum and the response schema is not an enum. Update it and try again.",
    );
  }
  // Gemini 3 takes both: https://ai.google.dev/gemini-api/docs/gemini-3, "Structured outputs with tools".
  if (mime !== "text/plain" && request.tools?.length && model.version < 3) {
    throw invalid(
      `Function calling with a response mime type: '${mime}' is unsupported`,
    );
  }
}
