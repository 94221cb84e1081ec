import { CheckFailure } from "../failure.ts";
import type { HttpAnswer } from "../http-answer.ts";
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
import { TOOL, TOOL_PROMPT, TOOL_RESULT, assessToolCall } from "./tool.ts";

// Anthropic's messages, which Claude Code speaks.

const PATH = "/v1/messages";

/**
 * Claude Code names the device and the session in each request (seen with 2.1.332). LiteLLM makes a label of it on
 * Vertex AI, of another form than Google's "Custom metadata labels" allows.
 */
const METADATA = {
  user_id: JSON.stringify({
    device_id: "0".repeat(64),
    account_uuid: "",
    session_id: "00000000-0000-0000-0000-000000000000",
  }),
};

const TOOLS = [
  {
    name: TOOL.name,
    description: TOOL.description,
    input_schema: TOOL.parameters,
  },
];

/** Whole, with a system prompt that is marked to be cached, as Claude Code marks its own. */
export async function messageWhole(call: ModelCall): Promise<ModelAnswer> {
  const marker = makeMarker();
  const answer = await send(call, {
    system: [
      {
        type: "text",
        text: "Be brief.",
        cache_control: { type: "ephemeral" },
      },
    ],
    messages: [{ role: "user", content: makePrompt(marker) }],
  });
  const { json, deploymentId } = answer;
  const message = isRecord(json) ? json : {};
  spend(call, answer, message.usage);
  return {
    detail: assess(marker, joinText(contentOf(json)), message.stop_reason),
    deploymentId,
  };
}

export async function messageStreamed(call: ModelCall): Promise<ModelAnswer> {
  const marker = makeMarker();
  const answer = await send(call, {
    stream: true,
    messages: [{ role: "user", content: makePrompt(marker) }],
  });
  const events = readEvents(answer.text);
  if (!events.some(({ type }) => type === "message_stop")) {
    throw new CheckFailure(
      "cut-stream",
      `the stream ended after ${events.length} events without message_stop`,
    );
  }
  const text = joinText(events.map(({ delta }) => delta));
  const end = events.find(({ type }) => type === "message_delta") ?? {};
  spend(call, answer, end.usage);
  const reason = isRecord(end.delta) ? end.delta.stop_reason : undefined;
  return {
    detail: `${assess(marker, text, reason)}, ${events.length} events`,
    deploymentId: answer.deploymentId,
  };
}

/** A turn: the model chooses to call, and answers with what the tool said. */
export async function messageToolTurn(call: ModelCall): Promise<ModelAnswer> {
  const asked = { role: "user", content: TOOL_PROMPT };
  const first = await send(call, { tools: TOOLS, messages: [asked] });
  const content = contentOf(first.json);
  const use = content.find(({ type }) => type === "tool_use") ?? {};
  assessToolCall(use.name as string | undefined, use.input);
  const result = {
    type: "tool_result",
    tool_use_id: use.id,
    content: TOOL_RESULT,
  };
  const last = await send(call, {
    tools: TOOLS,
    messages: [
      asked,
      { role: "assistant", content },
      { role: "user", content: [result] },
    ],
  });
  for (const answer of [first, last]) {
    const { json } = answer;
    spend(call, answer, isRecord(json) ? json.usage : undefined);
  }
  if (joinText(contentOf(last.json)) === "") {
    throw new CheckFailure("empty-answer", "no answer to the tool's result");
  }
  return {
    detail: "chose a tool, and answered with its result",
    deploymentId: last.deploymentId,
  };
}

/** Costs nothing. */
export async function countTokens(call: ModelCall): Promise<ModelAnswer> {
  const { json, deploymentId } = await post(call, `${PATH}/count_tokens`, {
    model: call.model,
    messages: [{ role: "user", content: "Hello" }],
  });
  const { input_tokens: tokens, litellm_count_source: source } = isRecord(json)
    ? json
    : {};
  if (typeof tokens !== "number" || tokens < 1) {
    throw new CheckFailure("empty-answer", "no count in the answer");
  }
  const by = source === "provider" ? "" : ", estimated by LiteLLM";
  return { detail: `${tokens} tokens${by}`, deploymentId };
}

function send(call: ModelCall, body: object): ReturnType<typeof post> {
  call.run.modelCalls += 1;
  return post(call, PATH, {
    model: call.model,
    max_tokens: MAX_TOKENS,
    metadata: METADATA,
    ...body,
    ...WITHOUT_FALLBACKS,
  });
}

function spend(
  { run }: ModelCall,
  { headers }: HttpAnswer,
  usage: unknown,
): void {
  const told = isRecord(usage) ? usage : {};
  run.spend({
    input: Number(told.input_tokens),
    output: Number(told.output_tokens),
    dollars: readCost(headers, told),
  });
}

function contentOf(json: unknown): Record<string, unknown>[] {
  const content = isRecord(json) ? json.content : undefined;
  return Array.isArray(content) ? content.filter(isRecord) : [];
}

function assess(marker: string, text: string, reason: unknown): string {
  const isLong = reason === "max_tokens";
  return assessAnswer(marker, text, isLong ? "length" : String(reason));
}
