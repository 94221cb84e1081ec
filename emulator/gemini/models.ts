/** Where a caller reaches Gemini: Vertex AI with an identity, the Gemini API with a key. */
export type Platform = "vertex_ai" | "gemini";

export interface Model {
  name: string;
  mode: "chat" | "embedding";
  /** Takes temperature, topP and topK, and a request that ends with a model's turn. */
  supportsSampling: boolean;
  /** Vertex AI has it in the location `global` only. */
  globalOnly: boolean;
}

const CHAT = [
  "gemini-4-argon",
  "gemini-3.8-flash",
  "gemini-3.7-flash",
  "gemini-3.5-flash",
  "gemini-3.5-flash-lite",
  "gemini-3.1-flash-lite",
  "gemini-3.1-pro-preview",
];

const EMBEDDING = ["gemini-embedding-2", "gemini-embedding-001"];

/** The platform's models that are not past their retirement. */
export function listModels(platform: Platform): Model[] {
  void platform;
  return [
    ...CHAT.map((name) => toModel(name, "chat")),
    ...EMBEDDING.map((name) => toModel(name, "embedding")),
  ];
}

export function findModel(platform: Platform, name: string): Model | undefined {
  return listModels(platform).find((model) => model.name === name);
}

function toModel(name: string, mode: Model["mode"]): Model {
  const version = Number(/^gemini-(\d+(?:\.\d+)?)/.exec(name)?.[1] ?? 0);
  return {
    name,
    mode,
    supportsSampling: version < 3.6 && name !== "gemini-3.5-flash-lite",
    // Vertex AI's regions do not get new models (LiteLLM's issue 37990).
    globalOnly: version >= 3 || name === "gemini-embedding-2",
  };
}
