import { describe, expect, test } from "vitest";
import { listModels } from "../../tools/model-list.ts";

const chat = { mode: "chat", input_cost_per_token: 7.5e-7 };

describe("the models taken from LiteLLM's map", () => {
  test("have prices per million tokens, and what else is known", () => {
    const map = {
      "gemini/a": {
        litellm_provider: "gemini",
        ...chat,
        output_cost_per_token: 3.75e-6,
        deprecation_date: "2027-01-28",
        supports_sampling_params: false,
      },
      "gemini/e": {
        litellm_provider: "gemini",
        mode: "embedding",
        input_cost_per_token: 1.5e-7,
        output_vector_size: 3072,
      },
    };
    expect(listModels(map)).toEqual({
      "gemini/a": {
        mode: "chat",
        inputPrice: 0.75,
        outputPrice: 3.75,
        retires: "2027-01-28",
        samplingParameters: false,
      },
      "gemini/e": {
        mode: "embedding",
        inputPrice: 0.15,
        outputPrice: 0,
        vectorSize: 3072,
      },
    });
  });

  test("are called by provider, also where the map leaves it out", () => {
    const map = {
      b: { litellm_provider: "vertex_ai-language-models", ...chat },
      a: { litellm_provider: "vertex_ai-embedding-models", ...chat },
    };
    expect(Object.keys(listModels(map))).toEqual([
      "vertex_ai/a",
      "vertex_ai/b",
    ]);
  });

  test("are those under their full name where the map has both", () => {
    const long = { litellm_provider: "vertex_ai", ...chat };
    const short = { ...long, input_cost_per_token: 1e-6 };
    for (const map of [
      { "vertex_ai/a": long, a: short },
      { a: short, "vertex_ai/a": long },
    ]) {
      expect(listModels(map)["vertex_ai/a"]?.inputPrice).toBe(0.75);
    }
  });

  test("are Google's own chat and embedding models alone", () => {
    const map = {
      "vertex_ai/xai/grok": { litellm_provider: "vertex_ai", ...chat },
      "vertex_ai/claude": {
        litellm_provider: "vertex_ai-anthropic_models",
        ...chat,
      },
      "gpt-9": { litellm_provider: "openai", ...chat },
      "gemini/pictures": {
        litellm_provider: "gemini",
        ...chat,
        mode: "image_generation",
      },
      "gemini/free": { litellm_provider: "gemini", mode: "chat" },
      sample_spec: { mode: "chat" },
    };
    expect(listModels(map)).toEqual({});
  });
});
