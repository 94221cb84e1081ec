import { createHash } from "node:crypto";
import { argumentsFor, isAskedFor } from "../model/asked-tools.ts";
import { makeValue } from "../model/make-value.ts";
import { countTokens, limitText, stopAt } from "../model/text.ts";
import type { ClaudeModel } from "./models.ts";
import type { Block, MessagesRequest, Tool } from "./request.ts";

export interface Answer {
  content: Block[];
  stop_reason: "end_turn" | "max_tokens" | "stop_sequence" | "tool_use";
  stop_sequence: string | null;
}

/** What the emulated Claude says: the same for the same request, and it repeats what it was told. */
export function answer(
  model: Pick<ClaudeModel, "name">,
  request: MessagesRequest,
): Answer {
  const thoughts = think(request);
  const calls = callTools(request);
  if (calls.length > 0) {
    const content = [...thoughts, ...calls];
    return { content, stop_reason: "tool_use", stop_sequence: null };
  }
  const whole = answerText(model, request);
  const said = stopAt(whole, request.stop_sequences);
  const text = limitText(said, request.max_tokens);
  const content: Block[] = [...thoughts, { type: "text", text }];
  if (text !== said) {
    return { content, stop_reason: "max_tokens", stop_sequence: null };
  }
  const sequence = request.stop_sequences?.find((one) =>
    whole.startsWith(said + one),
  );
  return sequence === undefined
    ? { content, stop_reason: "end_turn", stop_sequence: null }
    : { content, stop_reason: "stop_sequence", stop_sequence: sequence };
}

/** What the blocks count as, four characters a token, images as 1600 at most ("Vision": width × height / 750). */
export function countBlocks(blocks: readonly Block[]): number {
  const tokens = blocks.map((block) =>
    block.type === "image" ? 1600 : countTokens(wordsOf(block)),
  );
  return tokens.reduce((total, one) => total + one, 0);
}

function wordsOf(block: Block): string {
  if (block.type === "text") return block.text;
  return JSON.stringify({ ...block, cache_control: undefined });
}

function think({ thinking }: MessagesRequest): Block[] {
  if (thinking === undefined || thinking.type === "disabled") return [];
  const thought = "I repeat what I was told.";
  const signature = createHash("sha256").update(thought).digest("base64");
  return [{ type: "thinking", thinking: thought, signature }];
}

function callTools(request: MessagesRequest): Block[] {
  const { tools = [], tool_choice: choice = { type: "auto" } } = request;
  if (choice.type === "none") return [];
  const text = lastBlocks(request).flatMap((block) =>
    block.type === "text" ? block.text : [],
  );
  const told = text.join("\n");
  const candidates =
    choice.type === "tool"
      ? tools.filter(({ name }) => name === choice.name)
      : tools;
  const asked = candidates.filter(({ name }) => isAskedFor(name, told));
  const called =
    asked.length === 0 && choice.type !== "auto"
      ? candidates.slice(0, 1)
      : asked;
  return called.map((tool) => callTool(tool, told));
}

function callTool({ name, input_schema: schema }: Tool, text: string): Block {
  const input = argumentsFor(name, schema, text);
  const digest = createHash("sha256")
    .update(name + text)
    .digest("hex");
  return { type: "tool_use", id: `toolu_${digest.slice(0, 24)}`, name, input };
}

function answerText(
  model: Pick<ClaudeModel, "name">,
  request: MessagesRequest,
): string {
  const told = lastBlocks(request).flatMap(describe).join("\n");
  const text = `This is ${model.name}, rehearsed on your machine. ${told}`;
  const schema = request.output_config?.format?.schema;
  return schema === undefined ? text : JSON.stringify(makeValue(schema, text));
}

function describe(block: Block): string[] {
  switch (block.type) {
    case "text":
      return [`You wrote: ${block.text}`];
    case "image": {
      const { media_type: type, data } = block.source;
      const { length } = Buffer.from(data, "base64");
      return [`You sent ${type} of ${length} bytes.`];
    }
    case "tool_result":
      return (block.content ?? []).map(
        (part) => `The tool answered: ${wordsOf(part)}`,
      );
    default:
      return [];
  }
}

function lastBlocks({ messages }: MessagesRequest): Block[] {
  return messages.findLast(({ role }) => role === "user")?.content ?? [];
}
