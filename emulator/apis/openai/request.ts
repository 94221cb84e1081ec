import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { shapeCheck } from "../shape-check.ts";
import { invalid, notDone } from "./error.ts";
import type { Schema } from "../model/make-value.ts";

// What the emulated OpenAI takes of https://platform.openai.com/docs/api-reference/chat/create
// and /embeddings/create. What it has besides is a 501 that names it.

export interface Message {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content?: string | null | { type: "text"; text: string }[];
  tool_calls?: object[];
  tool_call_id?: string;
}

export interface ChatRequest {
  model: string;
  messages: Message[];
  tools?: { function: { name: string; parameters?: Schema } }[];
  tool_choice?: "none" | "auto" | "required" | { function: { name: string } };
  max_tokens?: number;
  max_completion_tokens?: number;
  stop?: string | string[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  response_format?: {
    type: "text" | "json_object" | "json_schema";
    json_schema?: { schema?: Schema };
  };
}

export interface EmbeddingsRequest {
  model: string;
  input: string | string[];
  dimensions?: number;
  encoding_format?: "float" | "base64";
}

const NOT_DONE = [
  "audio",
  "function_call",
  "functions",
  "logprobs",
  "modalities",
  "n",
  "prediction",
  "top_logprobs",
  "web_search_options",
];

const text = { type: "string" };
const number = { type: "number" };
const object = { type: "object" };

function only(properties: object, ...required: string[]): object {
  return { type: "object", properties, required, additionalProperties: false };
}

const CONTENT = {
  anyOf: [
    { type: ["string", "null"] },
    {
      type: "array",
      items: only({ type: { const: "text" }, text }, "type", "text"),
    },
  ],
};

const CHAT = only(
  {
    model: text,
    messages: {
      type: "array",
      minItems: 1,
      items: only(
        {
          role: { enum: ["system", "developer", "user", "assistant", "tool"] },
          content: CONTENT,
          name: text,
          refusal: { type: ["string", "null"] },
          tool_calls: { type: "array", items: object },
          tool_call_id: text,
        },
        "role",
      ),
    },
    tools: {
      type: "array",
      items: only(
        {
          type: { const: "function" },
          function: only(
            {
              name: { type: "string", pattern: "^[a-zA-Z0-9_-]{1,64}$" },
              description: text,
              parameters: object,
              strict: { type: ["boolean", "null"] },
            },
            "name",
          ),
        },
        "type",
        "function",
      ),
    },
    tool_choice: {
      anyOf: [
        { enum: ["none", "auto", "required"] },
        only(
          {
            type: { const: "function" },
            function: only({ name: text }, "name"),
          },
          "type",
          "function",
        ),
      ],
    },
    parallel_tool_calls: { type: "boolean" },
    max_tokens: { type: "integer", minimum: 1 },
    max_completion_tokens: { type: "integer", minimum: 1 },
    stop: { anyOf: [text, { type: "array", items: text, maxItems: 4 }] },
    stream: { type: ["boolean", "null"] },
    stream_options: only({
      include_usage: { type: "boolean" },
      include_obfuscation: { type: "boolean" },
    }),
    temperature: { ...number, minimum: 0, maximum: 2 },
    top_p: { ...number, minimum: 0, maximum: 1 },
    frequency_penalty: { ...number, minimum: -2, maximum: 2 },
    presence_penalty: { ...number, minimum: -2, maximum: 2 },
    reasoning_effort: text,
    verbosity: text,
    seed: { type: "integer" },
    user: text,
    safety_identifier: text,
    prompt_cache_key: text,
    metadata: object,
    store: { type: "boolean" },
    service_tier: text,
    response_format: only(
      {
        type: { enum: ["text", "json_object", "json_schema"] },
        json_schema: object,
      },
      "type",
    ),
  },
  "model",
  "messages",
);

const EMBEDDINGS = only(
  {
    model: text,
    input: {
      anyOf: [
        { ...text, minLength: 1 },
        { type: "array", minItems: 1, items: { ...text, minLength: 1 } },
      ],
    },
    dimensions: { type: "integer", minimum: 1 },
    encoding_format: { enum: ["float", "base64"] },
    user: text,
  },
  "model",
  "input",
);

const ajv = new Ajv({ strict: false });
const isChat = shapeCheck<ChatRequest>(ajv, CHAT);
const isEmbeddings = shapeCheck<EmbeddingsRequest>(ajv, EMBEDDINGS);

/** Throws what is wrong with a body, in OpenAI's form. */
export function readChat(body: unknown): ChatRequest {
  return read(isChat(), body);
}

export function readEmbeddings(body: unknown): EmbeddingsRequest {
  return read(isEmbeddings(), body);
}

function read<T>(validate: ValidateFunction<T>, body: unknown): T {
  if (validate(body)) return body;
  const given = typeof body === "object" && body !== null ? body : {};
  const name = NOT_DONE.find((one) => one in given) ?? findPart(given);
  if (name !== undefined) throw notDone(name);
  throw explain(validate.errors?.[0]);
}

/** The kind of a message's part that OpenAI takes and this does not: an image, audio, a file. */
function findPart(body: object): string | undefined {
  const { messages } = body as { messages?: unknown };
  const contents = (Array.isArray(messages) ? messages : []).map(
    (message) => (message as { content?: unknown } | null)?.content,
  );
  return contents
    .filter((content) => Array.isArray(content))
    .flat()
    .map((part) => (part as { type?: unknown } | null)?.type)
    .find(
      (type) =>
        type === "image_url" || type === "input_audio" || type === "file",
    );
}

function explain(error: ErrorObject | undefined): Error {
  const params = (error?.params ?? {}) as Record<string, unknown>;
  const at = (error?.instancePath ?? "").slice(1).replaceAll("/", ".");
  const inside = (member: unknown): string =>
    (at === "" ? "" : `${at}.`) + String(member);
  switch (error?.keyword) {
    case "additionalProperties": {
      const name = inside(params.additionalProperty);
      return invalid(name, `Unknown parameter: '${name}'.`);
    }
    case "required": {
      const name = inside(params.missingProperty);
      return invalid(name, `Missing required parameter: '${name}'.`);
    }
    default:
      return invalid(at, `Invalid value for '${at}': ${error?.message ?? ""}.`);
  }
}
