import { GoogleError } from "../../core/google-error.ts";
import type { Model } from "./models.ts";

export interface Content {
  role: string;
  parts: { text?: string }[];
}

export interface GenerateRequest {
  contents: Content[];
  systemInstruction: Content | undefined;
  generationConfig: {
    temperature?: number;
    topP?: number;
    topK?: number;
    candidateCount?: number;
    maxOutputTokens?: number;
    responseMimeType?: string;
  };
}

type Json = Record<string, unknown>;

/** Google's request members; its JSON parser takes them in snake case too. */
const MEMBERS = new Set([
  "cachedContent",
  "contents",
  "generationConfig",
  "labels",
  "model",
  "modelArmorConfig",
  "safetySettings",
  "serviceTier",
  "store",
  "systemInstruction",
  "toolConfig",
  "tools",
]);

/** Reads a `generateContent` body. Throws INVALID_ARGUMENT in Google's words. */
export function readGenerateRequest(body: unknown): GenerateRequest {
  const json = toCamelCase(asObject(body));
  for (const name of Object.keys(json)) {
    if (!MEMBERS.has(name)) throw unknownName(name);
  }
  const contents = asArray(json.contents).map(readContent);
  if (contents.length === 0) {
    throw invalid(
      "Unable to submit request because at least one contents field is required. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini",
    );
  }
  const system = json.systemInstruction;
  return {
    contents,
    systemInstruction: system === undefined ? undefined : readContent(system),
    generationConfig: toCamelCase(asObject(json.generationConfig ?? {})),
  };
}

/** What the newer models no longer take, and ranges that all of them police. */
export function checkGeneration(
  model: Model,
  request: GenerateRequest,
  refuseSampling: boolean,
): void {
  const { temperature, topP, topK } = request.generationConfig;
  if (temperature !== undefined && (temperature < 0 || temperature > 2)) {
    throw outOfRange("temperature", temperature, "2.0 (inclusive)");
  }
  if (topP !== undefined && (topP < 0 || topP > 1)) {
    throw outOfRange("topP", topP, "1.0 (inclusive)");
  }
  if (model.supportsSampling) return;
  if (request.contents.at(-1)?.role === "model") {
    throw invalid("Requests ending with a model turn are not supported.");
  }
  const sent = Object.entries({ temperature, topP, topK }).find(
    ([, value]) => value !== undefined,
  );
  if (refuseSampling && sent !== undefined) {
    throw invalid(
      `Unable to submit request because ${sent[0]} is not supported by ${model.name}. Remove it and try again.`,
    );
  }
}

export function readContent(value: unknown): Content {
  const content = asObject(value);
  const role = content.role;
  return {
    role: typeof role === "string" ? role : "user",
    parts: asArray(content.parts).map((part) => asObject(part)),
  };
}

export function asObject(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("Invalid JSON payload received. Expected an object.");
  }
  return value as Json;
}

export function asArray(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function toCamelCase(json: Json): Json {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

export function invalid(message: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", message);
}

function unknownName(name: string): GoogleError {
  const message = `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`;
  return new GoogleError("INVALID_ARGUMENT", message, [
    {
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: [{ description: message }],
    },
  ]);
}

function outOfRange(name: string, value: number, upTo: string): GoogleError {
  return invalid(
    `Unable to submit request because it has a ${name} value of ${value} but the supported range is from 0 (inclusive) to ${upTo}. Update the value and try again.`,
  );
}
