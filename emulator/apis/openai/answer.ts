import { createHash } from "node:crypto";
import { argumentsFor, isAskedFor } from "../model/asked-tools.ts";
import { makeValue } from "../model/make-value.ts";
import { countTokens, limitText, stopAt } from "../model/text.ts";
import { invalid } from "./error.ts";
import type { ChatRequest, Message } from "./request.ts";

interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export interface Answer {
  content: string | null;
  tool_calls?: ToolCall[];
  finish_reason: "stop" | "length" | "tool_calls";
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

/** What the emulated OpenAI says: the same for the same request, and it repeats what it was told. */
export function answer(request: ChatRequest): Answer {
  const told = textOf(request.messages.findLast(({ role }) => role === "user"));
  const calls = callTools(request, told);
  if (calls.length > 0) {
    return { content: null, tool_calls: calls, finish_reason: "tool_calls" };
  }
  const { stop, max_completion_tokens, max_tokens } = request;
  const sequences = typeof stop === "string" ? [stop] : stop;
  const said = stopAt(toText(request, told), sequences);
  const content = limitText(said, max_completion_tokens ?? max_tokens ?? 4096);
  return { content, finish_reason: content === said ? "stop" : "length" };
}

/** Four characters a token. */
export function countUsage(request: ChatRequest, said: Answer): Usage {
  const prompt = countTokens(request.messages.map(textOf).join("\n"));
  const completion = countTokens(
    said.content ?? JSON.stringify(said.tool_calls),
  );
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
}

function callTools(request: ChatRequest, told: string): ToolCall[] {
  const { tools = [], tool_choice: choice = "auto" } = request;
  if (choice === "none" || request.messages.at(-1)?.role === "tool") return [];
  const functions = tools.map((tool) => tool.function);
  if (typeof choice === "object") {
    const wanted = functions.filter(
      ({ name }) => name === choice.function.name,
    );
    if (wanted.length === 0) {
      throw invalid(
        "tool_choice",
        "Invalid value for 'tool_choice': no function named as in 'tools'.",
      );
    }
    return wanted.map((one) => callTool(one, told));
  }
  const asked = functions.filter(({ name }) => isAskedFor(name, told));
  const called =
    asked.length === 0 && choice === "required" ? functions.slice(0, 1) : asked;
  return called.map((one) => callTool(one, told));
}

function callTool(
  {
    name,
    parameters = {},
  }: NonNullable<ChatRequest["tools"]>[number]["function"],
  told: string,
): ToolCall {
  const digest = createHash("sha256")
    .update(name + told)
    .digest("hex");
  const given = argumentsFor(name, parameters, told);
  return {
    id: `call_${digest.slice(0, 24)}`,
    type: "function",
    function: { name, arguments: JSON.stringify(given) },
  };
}

function toText(
  { model, messages, response_format }: ChatRequest,
  told: string,
) {
  const last = messages.at(-1);
  const heard =
    last?.role === "tool"
      ? `The tool answered: ${textOf(last)}`
      : `You wrote: ${told}`;
  const text = `This is ${model}, rehearsed on your machine. ${heard}`;
  switch (response_format?.type) {
    case "json_schema":
      return JSON.stringify(
        makeValue(response_format.json_schema?.schema ?? {}, text),
      );
    case "json_object":
      return JSON.stringify({ text });
    default:
      return text;
  }
}

function textOf(message: Message | undefined): string {
  const content = message?.content ?? "";
  return typeof content === "string"
    ? content
    : content.map(({ text }) => text).join("\n");
}
