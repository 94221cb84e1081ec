import type {
  ChatCompletion,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from "openai/resources/chat/completions";
import { CheckFailure } from "../failure.ts";
import { isRecord } from "../litellm-error.ts";
import {
  type ModelAnswer,
  type ModelCall,
  WITHOUT_FALLBACKS,
  readCost,
  readHeaders,
} from "../model-calls.ts";
import { MAX_TOKENS } from "../probe-text.ts";
import {
  TOOL,
  TOOL_PROMPT,
  TOOL_RESULT,
  assessToolCall,
  parseArguments,
} from "./tool.ts";

// OpenAI's chat completions, beyond plain text.

type Message = Partial<ChatCompletion.Choice["message"]>;

const TOOLS: ChatCompletionTool[] = [{ type: "function", function: TOOL }];

/** A call that is forced. */
export async function forceTool(call: ModelCall): Promise<ModelAnswer> {
  const { message, deploymentId } = await send(call, {
    messages: [{ role: "user", content: "The weather in Paris?" }],
    tools: TOOLS,
    tool_choice: { type: "function", function: { name: TOOL.name } },
  });
  readToolCall(message);
  return { detail: `called ${TOOL.name}`, deploymentId };
}

/** A turn: the model chooses to call, and answers with what the tool said. */
export async function takeToolTurn(call: ModelCall): Promise<ModelAnswer> {
  const asked: ChatCompletionMessageParam[] = [
    { role: "user", content: TOOL_PROMPT },
  ];
  const first = await send(call, { messages: asked, tools: TOOLS });
  const id = readToolCall(first.message);
  const { message, deploymentId } = await send(call, {
    messages: [
      ...asked,
      first.message,
      { role: "tool", tool_call_id: id, content: TOOL_RESULT },
    ],
    tools: TOOLS,
  });
  if ((message.content ?? "") === "") {
    throw new CheckFailure("empty-answer", "no answer to the tool's result");
  }
  return { detail: "chose it, and answered with its result", deploymentId };
}

/** JSON that a strict schema describes. */
export async function answerInSchema(call: ModelCall): Promise<ModelAnswer> {
  const { message, deploymentId } = await send(call, {
    messages: [{ role: "user", content: "Is water wet? Answer in JSON." }],
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "verdict",
        strict: true,
        schema: {
          type: "object",
          properties: { wet: { type: "boolean" } },
          required: ["wet"],
          additionalProperties: false,
        },
      },
    },
  });
  const value = parseArguments(message.content ?? undefined);
  const names = isRecord(value) ? Object.keys(value).join() : "";
  if (!isRecord(value) || names !== "wet" || typeof value.wet !== "boolean") {
    throw new CheckFailure(
      "other-schema",
      "the answer does not fit the schema",
    );
  }
  return { detail: "fits a strict schema", deploymentId };
}

/** A red square of 16 pixels. */
const IMAGE =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP4z8BAEmIY1TCqYfhqAACQ+f8B8u7oVwAAAABJRU5ErkJggg==";

export async function lookAtImage(call: ModelCall): Promise<ModelAnswer> {
  const { message, deploymentId } = await send(call, {
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "Which colour is this? One word." },
          { type: "image_url", image_url: { url: IMAGE } },
        ],
      },
    ],
  });
  if ((message.content ?? "") === "") {
    throw new CheckFailure("empty-answer", "no answer about an image");
  }
  return { detail: "answered about an image", deploymentId };
}

type Request = Pick<
  Parameters<ModelCall["client"]["chat"]["completions"]["create"]>[0],
  "messages" | "tools" | "tool_choice" | "response_format"
>;

async function send(
  { run, client, model, signal }: ModelCall,
  request: Request,
): Promise<{ message: Message; deploymentId: string | undefined }> {
  const body = {
    model,
    max_tokens: MAX_TOKENS,
    stream: false as const,
    ...request,
    ...WITHOUT_FALLBACKS,
  };
  run.modelCalls += 1;
  const { data, response } = await client.chat.completions
    .create(body, { signal })
    .withResponse();
  const deploymentId = readHeaders(run, response.headers);
  const { choices, usage } = data as Partial<ChatCompletion>;
  run.spend({
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
    dollars: readCost(response.headers),
  });
  return { message: choices?.[0]?.message ?? {}, deploymentId };
}

/** Its id. */
function readToolCall(message: Message): string {
  const call = message.tool_calls?.find(({ type }) => type === "function");
  const asked = call?.type === "function" ? call.function : undefined;
  assessToolCall(asked?.name, parseArguments(asked?.arguments));
  return call?.id ?? "";
}
