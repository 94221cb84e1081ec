import { GoogleError } from "../../core/google-error.ts";
import { mismatch } from "../../core/json-problems.ts";
import {
  bool,
  bytes,
  oneOf,
  int32,
  int64,
  list,
  map,
  message,
  object,
  string,
  type Type,
} from "../../core/message.ts";
import { anyCase, schema } from "./schema-fields.ts";

// Google's messages, field by field. A field that Google does not know is
// refused by `message`; one that Google knows and the emulated Gemini does not
// is a 501 that names it. A test holds the names against the discovery document.

/** `false` asks for nothing; an empty message may ask for all there is: `{"googleSearch": {}}`. */
const NOT_DONE: Type<never> = {
  read(value, path) {
    if (value === false) return undefined;
    throw new GoogleError(
      "UNIMPLEMENTED",
      `The emulated Gemini does not cover the field ${path}.`,
    );
  },
};

const number: Type<number> = {
  read(value, path, problems) {
    if (typeof value === "number") return value;
    problems.push(mismatch(value, path, "TYPE_FLOAT"));
    return undefined;
  },
};

export const PART = {
  text: string,
  thought: bool,
  thoughtSignature: string,
  inlineData: message({ data: bytes, mimeType: string, displayName: string }),
  functionCall: message({
    id: string,
    name: string,
    args: object,
    ...notDone("partialArgs", "willContinue"),
  }),
  functionResponse: message({
    id: string,
    name: string,
    response: object,
    ...notDone("parts", "scheduling"),
  }),
  ...notDone("audioTranscription", "codeExecutionResult", "executableCode"),
  ...notDone("fileData", "mediaProcessing", "mediaResolution"),
  ...notDone("speechMetadata", "videoMetadata"),
};

export const CONTENT = { role: string, parts: list(message(PART)) };

export const FUNCTION_DECLARATION = {
  name: string,
  description: string,
  parameters: schema,
  parametersJsonSchema: object,
  response: schema,
  responseJsonSchema: object,
  ...notDone("behavior"),
};

export const TOOL = {
  functionDeclarations: list(message(FUNCTION_DECLARATION)),
  ...notDone("codeExecution", "computerUse", "enterpriseWebSearch"),
  ...notDone("exaAiSearch", "googleMaps", "googleSearch", "parallelAiSearch"),
  ...notDone("googleSearchRetrieval", "retrieval", "urlContext"),
};

export const FUNCTION_CALLING_CONFIG = {
  mode: anyCase(
    oneOf(
      "type.googleapis.com/google.cloud.aiplatform.v1.FunctionCallingConfig.Mode",
      ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"],
    ),
  ),
  allowedFunctionNames: list(string),
  ...notDone("streamFunctionCallArguments"),
};

export const TOOL_CONFIG = {
  functionCallingConfig: message(FUNCTION_CALLING_CONFIG),
  ...notDone("retrievalConfig"),
};

export const THINKING_CONFIG = {
  includeThoughts: bool,
  thinkingBudget: int32,
  thinkingLevel: anyCase(
    oneOf(
      "type.googleapis.com/google.cloud.aiplatform.v1.ThinkingConfig.ThinkingLevel",
      ["THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH"],
    ),
  ),
};

export const GENERATION_CONFIG = {
  temperature: number,
  topP: number,
  topK: number,
  seed: int32,
  presencePenalty: number,
  frequencyPenalty: number,
  candidateCount: int32,
  maxOutputTokens: int32,
  stopSequences: list(string),
  responseMimeType: string,
  responseSchema: schema,
  responseJsonSchema: object,
  responseModalities: list(string),
  thinkingConfig: message(THINKING_CONFIG),
  ...notDone("audioTimestamp", "audioTranscriptionConfig", "imageConfig"),
  ...notDone("enableAffectiveDialog", "logprobs", "mediaResolution"),
  ...notDone("modelConfig", "responseFormat", "responseLogprobs"),
  ...notDone("routingConfig", "speechConfig", "translationConfig"),
};

export const SAFETY_SETTING = {
  category: string,
  threshold: anyCase(
    oneOf(
      "type.googleapis.com/google.cloud.aiplatform.v1.SafetySetting.HarmBlockThreshold",
      [
        "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
        "BLOCK_LOW_AND_ABOVE",
        "BLOCK_MEDIUM_AND_ABOVE",
        "BLOCK_ONLY_HIGH",
        "BLOCK_NONE",
        "OFF",
      ],
    ),
  ),
  method: oneOf(
    "type.googleapis.com/google.cloud.aiplatform.v1.SafetySetting.HarmBlockMethod",
    ["HARM_BLOCK_METHOD_UNSPECIFIED", "SEVERITY", "PROBABILITY"],
  ),
};

/** What a cache holds of a request, and what a request without one says itself. */
const PROMPT = {
  contents: list(message(CONTENT)),
  systemInstruction: message(CONTENT),
  tools: list(message(TOOL)),
  toolConfig: message(TOOL_CONFIG),
};

const GENERATE = {
  ...PROMPT,
  model: string,
  cachedContent: string,
  generationConfig: message(GENERATION_CONFIG),
  safetySettings: list(message(SAFETY_SETTING)),
};

/** `model` is no field of Vertex AI's body; clients that name it there are understood. */
export const GENERATE_ON_VERTEX = {
  ...GENERATE,
  // They tell calls apart on the bill alone, as Google's description says.
  labels: map(string),
  // In no discovery document, and without effect: a header chooses the tier (googleapis/python-genai, issue 2847).
  serviceTier: oneOf(
    "type.googleapis.com/google.cloud.aiplatform.v1.ServiceTier",
    ["SERVICE_TIER_FLEX"],
  ),
  ...notDone("continuationToken", "modelArmorConfig", "outputConfig"),
};

/** What only the Gemini API has: https://ai.google.dev/api/generate-content (2026-11). */
export const GENERATE_ON_GEMINI_API = {
  ...GENERATE,
  ...notDone("serviceTier", "store"),
};

export const CACHED_CONTENT = {
  ...PROMPT,
  model: string,
  displayName: string,
  ttl: string,
  expireTime: string,
  name: string,
  ...notDone("encryptionSpec"),
};

export const COUNT_TOKENS = {
  contents: list(message(CONTENT)),
  systemInstruction: message(CONTENT),
  tools: list(message(TOOL)),
  generationConfig: message(GENERATION_CONFIG),
  model: string,
  ...notDone("instances"),
};

/** The vectors here are the same for each of them. */
export const TASK_TYPE = oneOf(
  "type.googleapis.com/google.cloud.aiplatform.v1.EmbedContentRequest.EmbeddingTaskType",
  [
    ...["UNSPECIFIED", "TASK_TYPE_UNSPECIFIED"],
    ...["RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "CODE_RETRIEVAL_QUERY"],
    ...["SEMANTIC_SIMILARITY", "CLASSIFICATION", "CLUSTERING"],
    ...["QUESTION_ANSWERING", "FACT_VERIFICATION"],
  ],
);

export const EMBED_CONTENT = {
  content: message(CONTENT),
  model: string,
  title: string,
  taskType: TASK_TYPE,
  outputDimensionality: int64,
  autoTruncate: bool,
  embedContentConfig: message({
    title: string,
    taskType: TASK_TYPE,
    outputDimensionality: int64,
    autoTruncate: bool,
    ...notDone("audioTrackExtraction", "documentOcr"),
  }),
};

function notDone<const Name extends string>(
  ...names: Name[]
): Record<Name, Type<never>> {
  return Object.fromEntries(names.map((name) => [name, NOT_DONE])) as Record<
    Name,
    Type<never>
  >;
}
