import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { shapeCheck } from "../shape-check.ts";
import { invalid, notDone } from "./error.ts";
import type { MessagesRequest } from "./request.ts";

// The Messages API (https://platform.claude.com/docs/en/api/messages) as a JSON Schema. What
// it has and the emulated Claude does not stands in NOT_DONE and is a 501 that names it.

const NOT_DONE = [
  "container",
  "context_management",
  "inference_geo",
  "mcp_servers",
  "output_format",
  "service_tier",
  "speed",
];

const text = { type: "string" };
const object = { type: "object" };

function only(properties: object, ...required: string[]): object {
  return { type: "object", properties, required, additionalProperties: false };
}

function oneOf(...values: string[]): object {
  return { type: "string", enum: values };
}

const CACHE = only(
  { type: oneOf("ephemeral"), ttl: oneOf("5m", "1h") },
  "type",
);

/** A content block, told apart by its type. */
function block(type: string, properties: object, ...required: string[]) {
  const all = { type: { const: type }, cache_control: CACHE, ...properties };
  return only(all, "type", ...required);
}

function blocks(...choices: object[]): object {
  const discriminator = { propertyName: "type" };
  return {
    type: "array",
    items: {
      type: "object",
      discriminator,
      required: ["type"],
      oneOf: choices,
    },
  };
}

const TEXT = block("text", { text: { ...text, minLength: 1 } }, "text");

const IMAGE = block(
  "image",
  {
    source: only(
      {
        type: oneOf("base64"),
        media_type: oneOf("image/jpeg", "image/png", "image/gif", "image/webp"),
        data: text,
      },
      ...["type", "media_type", "data"],
    ),
  },
  "source",
);

const CONTENT = blocks(
  TEXT,
  IMAGE,
  block("tool_use", { id: text, name: text, input: object }, "id", "name"),
  block(
    "tool_result",
    {
      tool_use_id: text,
      content: blocks(TEXT, IMAGE),
      is_error: { type: "boolean" },
    },
    "tool_use_id",
  ),
  block("thinking", { thinking: text, signature: text }, "thinking"),
  block("redacted_thinking", { data: text }, "data"),
);

const TOOL = only(
  {
    type: oneOf("custom"),
    name: { type: "string", pattern: "^[a-zA-Z0-9_-]{1,128}$" },
    description: text,
    input_schema: object,
    cache_control: CACHE,
    strict: { type: "boolean" },
  },
  "name",
  "input_schema",
);

const FIELDS = {
  messages: {
    type: "array",
    minItems: 1,
    items: only(
      { role: oneOf("user", "assistant"), content: CONTENT },
      "role",
      "content",
    ),
  },
  system: blocks(TEXT),
  tools: { type: "array", items: TOOL },
  tool_choice: only(
    {
      type: oneOf("auto", "any", "tool", "none"),
      name: text,
      disable_parallel_tool_use: { type: "boolean" },
    },
    "type",
  ),
  thinking: only(
    {
      type: oneOf("enabled", "adaptive", "disabled"),
      budget_tokens: { type: "integer", minimum: 1024 },
      display: oneOf("summarized", "omitted"),
    },
    "type",
  ),
};

const GENERATE = {
  ...FIELDS,
  max_tokens: { type: "integer", minimum: 1 },
  stop_sequences: { type: "array", items: { ...text, minLength: 1 } },
  stream: { type: "boolean" },
  temperature: { type: "number", minimum: 0, maximum: 1 },
  top_p: { type: "number", minimum: 0, maximum: 1 },
  top_k: { type: "integer", minimum: 0 },
  metadata: only({ user_id: text }),
  output_config: only({
    effort: oneOf("low", "medium", "high", "xhigh", "max"),
    format: only(
      { type: oneOf("json_schema"), schema: object },
      "type",
      "schema",
    ),
  }),
};

/** On Vertex AI the model stands in the address, and the version in the body. */
const VERSION = { anthropic_version: oneOf("vertex-2023-10-16") };

const ajv = new Ajv({ discriminator: true, strict: false, verbose: true });

type OwnRequest = MessagesRequest & { model: string };

const GENERATE_ON_VERTEX = shapeCheck<MessagesRequest>(
  ajv,
  only(
    { ...VERSION, ...GENERATE },
    "anthropic_version",
    "max_tokens",
    "messages",
  ),
);

/** On Anthropic's own API the model stands in the body. */
const GENERATE_OWN = shapeCheck<OwnRequest>(
  ajv,
  only({ model: text, ...GENERATE }, "model", "max_tokens", "messages"),
);

const COUNT_OWN = shapeCheck<OwnRequest>(
  ajv,
  only({ model: text, ...FIELDS }, "model", "messages"),
);

const COUNT_ON_VERTEX = shapeCheck<OwnRequest>(
  ajv,
  only(
    { anthropic_version: VERSION.anthropic_version, model: text, ...FIELDS },
    "model",
    "messages",
  ),
);

export function readMessages(body: unknown): MessagesRequest {
  return read(GENERATE_ON_VERTEX(), body);
}

export function readCount(body: unknown): OwnRequest {
  return read(COUNT_ON_VERTEX(), body);
}

export function readOwnMessages(body: unknown): OwnRequest {
  return read(GENERATE_OWN(), body);
}

export function readOwnCount(body: unknown): OwnRequest {
  return read(COUNT_OWN(), body);
}

/** Throws what is wrong with a body, in Anthropic's words. */
function read<T>(validate: ValidateFunction<T>, body: unknown): T {
  const request = withBlocks(body);
  if (validate(request)) return request;
  throw explain(validate.errors ?? [], request);
}

type Json = Record<string, unknown>;

/** A text is short for one block with that text. */
function withBlocks(body: unknown): unknown {
  if (!isObject(body)) return body;
  const { messages, system } = body;
  return {
    ...body,
    ...(system !== undefined && { system: toBlocks(system) }),
    ...(Array.isArray(messages) && { messages: messages.map(contentToBlocks) }),
  };
}

function contentToBlocks(value: unknown): unknown {
  if (!isObject(value) || value.content === undefined) return value;
  const content = toBlocks(value.content);
  return {
    ...value,
    content: Array.isArray(content) ? content.map(contentToBlocks) : content,
  };
}

function toBlocks(value: unknown): unknown {
  return typeof value === "string" ? [{ type: "text", text: value }] : value;
}

function explain(errors: ErrorObject[], body: unknown): Error {
  const unknown = Object.keys(isObject(body) ? body : {});
  const name = NOT_DONE.find((one) => unknown.includes(one));
  if (name !== undefined) return notDone(name);
  const [error] = errors;
  if (error === undefined) return invalid("Invalid request");
  const at = error.instancePath.slice(1).replaceAll("/", ".");
  const params = error.params as Record<string, unknown>;
  const inside = (member: unknown) =>
    (at === "" ? "" : `${at}.`) + String(member);
  switch (error.keyword) {
    case "additionalProperties":
      return invalid(
        `${inside(params.additionalProperty)}: Extra inputs are not permitted`,
      );
    case "required":
      return invalid(`${inside(params.missingProperty)}: Field required`);
    case "discriminator":
      return notDone(`content blocks of the type ${String(params.tagValue)}`);
    case "enum":
      return invalid(
        `${at}: Input should be ${(params.allowedValues as string[]).map((one) => `'${one}'`).join(" or ")}`,
      );
    case "minimum":
      return invalid(
        `${at}: Input should be greater than or equal to ${String(params.limit)}`,
      );
    case "maximum":
      return invalid(
        `${at}: Input should be less than or equal to ${String(params.limit)}`,
      );
    default:
      return invalid(`${at}: Input ${error.message ?? "is not valid"}`);
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
