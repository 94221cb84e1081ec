import { invalid } from "./error.ts";
import type { ClaudeModel } from "./models.ts";
import type { Block, MessagesRequest } from "./request.ts";

/** What the shape alone does not tell. Throws what Anthropic refuses. */
export function checkMessages(
  model: ClaudeModel,
  request: MessagesRequest,
): void {
  checkTools(model, request);
  checkThinking(model, request);
  checkTurns(request);
  const sampling = (["temperature", "top_p", "top_k"] as const).find(
    (name) => request[name] !== undefined,
  );
  if (sampling !== undefined && !model.takesSampling) {
    throw invalid(`\`${sampling}\` is not supported for this model.`);
  }
}

function checkTools(model: ClaudeModel, request: MessagesRequest): void {
  const { tools = [], tool_choice: choice } = request;
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw invalid("tools: Tool names must be unique.");
  }
  if (choice === undefined) return;
  if (tools.length === 0) {
    throw invalid("tool_choice: may only be specified while providing tools");
  }
  const forced = choice.type === "any" || choice.type === "tool";
  if (forced && !model.takesForcedTools) {
    throw invalid(
      "tool_choice: forced tool use is not supported for this model.",
    );
  }
  if (choice.type === "tool" && !names.includes(choice.name ?? "")) {
    throw invalid(`Tool '${choice.name ?? ""}' not found in provided tools`);
  }
  const thinks = (request.thinking?.type ?? "disabled") !== "disabled";
  if (forced && thinks) {
    throw invalid(
      "Thinking may not be enabled when tool_choice forces tool use.",
    );
  }
}

function checkThinking(model: ClaudeModel, request: MessagesRequest): void {
  const { thinking, max_tokens: most } = request;
  if (thinking?.type !== "enabled") return;
  if (!model.takesBudget) {
    throw invalid(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    );
  }
  const { budget_tokens: budget } = thinking;
  if (budget === undefined) {
    throw invalid("thinking.enabled.budget_tokens: Field required");
  }
  if (budget >= most) {
    throw invalid("`max_tokens` must be greater than `thinking.budget_tokens`");
  }
}

/** Each call has its result in the message that follows, and each result its call. */
function checkTurns({ messages }: MessagesRequest): void {
  for (const [index, { role, content }] of messages.entries()) {
    const calls = idsOf(role === "assistant" ? content : [], "tool_use");
    const results = idsOf(messages[index + 1]?.content ?? [], "tool_result");
    const open = calls.find((id) => !results.includes(id));
    if (open !== undefined) {
      throw invalid(
        `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      );
    }
    const before = idsOf(messages[index - 1]?.content ?? [], "tool_use");
    const loose = idsOf(content, "tool_result").find(
      (id) => !before.includes(id),
    );
    if (loose !== undefined) {
      throw invalid(
        `messages.${index}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${loose}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    }
  }
}

function idsOf(content: Block[], type: "tool_use" | "tool_result"): string[] {
  return content.flatMap((block) => {
    if (block.type !== type) return [];
    return "id" in block
      ? block.id
      : "tool_use_id" in block
        ? block.tool_use_id
        : [];
  });
}
