import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../core/root.ts";

/** Where a caller reaches Gemini: Vertex AI with an identity, the Gemini API with a key. */
export type Platform = "vertex_ai" | "gemini";

export interface Model {
  name: string;
  mode: "chat" | "embedding";
  /** `3.8` of gemini-3.8-flash; 0 where the name has none. */
  version: number;
  /** Takes temperature, topP and topK, and a request that ends with a model's turn. */
  supportsSampling: boolean;
  /** Takes the thinking level MINIMAL. */
  supportsMinimalThinking: boolean;
  /** Of an embedding, where the request does not say. */
  vectorSize: number;
}

interface ListedModel {
  mode: Model["mode"];
  /** The day from which on Google does not serve it. */
  retires?: string;
  samplingParameters?: boolean;
  vectorSize?: number;
}

const FILE = path.join(ROOT, "config/models.json");

const { models: LISTED } = JSON.parse(readFileSync(FILE, "utf8")) as {
  models: Record<string, ListedModel>;
};

/** The platform's models that are not past their retirement. */
export function listModels(platform: Platform, now = new Date()): Model[] {
  const prefix = `${platform}/`;
  return Object.entries(LISTED)
    .filter(([name]) => name.startsWith(prefix))
    .filter(([, { retires }]) => !retires || now < new Date(retires))
    .map(([name, listed]) => toModel(name.slice(prefix.length), listed));
}

export function findModel(platform: Platform, name: string): Model | undefined {
  return listModels(platform).find((model) => model.name === name);
}

function toModel(name: string, listed: ListedModel): Model {
  const version = Number(/^gemini-(\d+(?:\.\d+)?)/.exec(name)?.[1] ?? 0);
  return {
    name,
    mode: listed.mode,
    version,
    // https://ai.google.dev/gemini-api/docs/thinking: an error for Pro, and for Flash from 3.7 on (2026-11).
    supportsMinimalThinking: name.includes("flash") && version < 3.7,
    supportsSampling: listed.samplingParameters ?? true,
    vectorSize: listed.vectorSize ?? 3072,
  };
}
