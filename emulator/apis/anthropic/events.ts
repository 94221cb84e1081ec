import { splitIntoChunks } from "../model/text.ts";
import type { Block } from "./request.ts";

/** One server-sent event; its name is its data's type. */
export type Event = { type: string } & Record<string, unknown>;

/** A whole message as the events of a stream ("Streaming messages"). */
export function eventsOf(
  message: { content: Block[]; usage: object } & Record<string, unknown>,
  outputTokens: number,
): Event[] {
  const { content, usage, stop_reason, stop_sequence, ...head } = message;
  const start = {
    ...head,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
  return [
    {
      type: "message_start",
      message: { ...start, usage: { ...usage, output_tokens: 1 } },
    },
    ...content.flatMap(eventsOfBlock),
    {
      type: "message_delta",
      delta: { stop_reason, stop_sequence },
      usage: { output_tokens: outputTokens },
    },
    { type: "message_stop" },
  ];
}

function eventsOfBlock(block: Block, index: number): Event[] {
  const [start, deltas] = split(block);
  return [
    { type: "content_block_start", index, content_block: start },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

/** The empty block, and what fills it. */
function split(block: Block): [object, object[]] {
  switch (block.type) {
    case "text":
      return [
        { ...block, text: "" },
        splitIntoChunks(block.text).map((text) => ({
          type: "text_delta",
          text,
        })),
      ];
    case "thinking":
      return [
        { ...block, thinking: "", signature: "" },
        [
          { type: "thinking_delta", thinking: block.thinking },
          { type: "signature_delta", signature: block.signature },
        ],
      ];
    case "tool_use":
      return [
        { ...block, input: {} },
        [
          {
            type: "input_json_delta",
            partial_json: JSON.stringify(block.input ?? {}),
          },
        ],
      ];
    default:
      return [block, []];
  }
}
