import { splitIntoChunks } from "../model/text.ts";
import type { Answer, Usage } from "./answer.ts";

/** A whole answer as the pieces of a stream ("Streaming", chat.completion.chunk). */
export function chunksOf(
  head: object,
  said: Answer,
  usage: Usage | undefined,
): object[] {
  const chunk = (delta: object, finish: string | null = null): object => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...(usage !== undefined && { usage: null }),
  });
  const calls = (said.tool_calls ?? []).flatMap((call, index) => [
    chunk({
      tool_calls: [
        { ...call, index, function: { ...call.function, arguments: "" } },
      ],
    }),
    chunk({
      tool_calls: [{ index, function: { arguments: call.function.arguments } }],
    }),
  ]);
  return [
    chunk({ role: "assistant", content: said.content === null ? null : "" }),
    ...(said.content === null
      ? []
      : splitIntoChunks(said.content).map((content) => chunk({ content }))),
    ...calls,
    chunk({}, said.finish_reason),
    ...(usage === undefined
      ? []
      : [{ ...head, object: "chat.completion.chunk", choices: [], usage }]),
  ];
}
