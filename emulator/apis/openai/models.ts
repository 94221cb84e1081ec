import { OpenAiError } from "./error.ts";

/** Chat models, from LiteLLM 1.108.14's model map, read on 28 November 2026; each has versions by day, which are not told apart. */
const CHAT = [
  "gpt-4o",
  "gpt-4o-mini",
  "gpt-5",
  "gpt-5-mini",
  "gpt-5.5",
  "gpt-5.6",
];

/** Embedding models, and the numbers in a vector of theirs ("Vector embeddings"). */
const DIMENSIONS: Readonly<Record<string, number>> = {
  "text-embedding-3-small": 1536,
  "text-embedding-3-large": 3072,
};

export function requireChatModel(model: string): void {
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, "");
  if (!CHAT.includes(name)) throw notFound(model);
}

/** How many numbers a vector of the model has. */
export function requireDimensions(model: string): number {
  const dimensions = DIMENSIONS[model];
  if (dimensions === undefined) throw notFound(model);
  return dimensions;
}

export function listModels(): string[] {
  return [...CHAT, ...Object.keys(DIMENSIONS)];
}

function notFound(model: string): OpenAiError {
  return new OpenAiError(
    404,
    `The model \`${model}\` does not exist or you do not have access to it.`,
    { code: "model_not_found" },
  );
}
