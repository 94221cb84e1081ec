/** What clients speak: OpenAI's chat completions and responses, Anthropic's messages, Gemini's own. */
export type Protocol = "chat" | "responses" | "messages" | "gemini";

export const PROTOCOLS: readonly Protocol[] = [
  "chat",
  "responses",
  "messages",
  "gemini",
];
