export interface ClaudeModel {
  name: string;
  /** Takes a thinking budget; newer ones think as much as they want (`adaptive`). */
  takesBudget: boolean;
  /** Takes temperature, top_p and top_k. */
  takesSampling: boolean;
  /** Takes a tool choice that forces a call. */
  takesForcedTools: boolean;
}

/** Claude, on Vertex AI and on Anthropic's own API, from LiteLLM 1.106.2's model map (`vertex_ai/claude-…`), read on 27 November 2026. */
const MODELS: ClaudeModel[] = [
  older("claude-haiku-4-5"),
  older("claude-sonnet-4-5"),
  older("claude-opus-4-5"),
  older("claude-sonnet-4-6"),
  older("claude-opus-4-6"),
  newer("claude-opus-4-7"),
  newer("claude-opus-4-8"),
  newer("claude-sonnet-5"),
  newer("claude-opus-5"),
  newer("claude-haiku-5-5"),
  { ...newer("claude-sonnet-5-5"), takesForcedTools: false },
  { ...newer("claude-opus-5-5"), takesForcedTools: false },
];

/** Those of Google's page on Claude; which model is in which of them Google says model by model, and this does not. */
const LOCATIONS = [
  "global",
  "us",
  "eu",
  "us-east5",
  "europe-west1",
  "asia-southeast1",
];

/** With or without a version: `claude-haiku-4-5@20251001`. */
export function findClaude(
  name: string,
  location: string,
): ClaudeModel | undefined {
  if (!LOCATIONS.includes(location)) return undefined;
  return MODELS.find((model) => model.name === name.split("@")[0]);
}

/** On Anthropic's own API, with or without a version: `claude-haiku-4-5-20251001`. */
export function findOwnClaude(name: string): ClaudeModel | undefined {
  return MODELS.find((model) => model.name === name.replace(/-\d{8}$/, ""));
}

function older(name: string): ClaudeModel {
  return {
    name,
    takesBudget: true,
    takesSampling: true,
    takesForcedTools: true,
  };
}

function newer(name: string): ClaudeModel {
  return { ...older(name), takesBudget: false, takesSampling: false };
}
