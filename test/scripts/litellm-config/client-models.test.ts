import { describe, expect, test } from "vitest";
import { readLitellmConfig } from "../../../scripts/lib/litellm-config/check-litellm-config.ts";
import { check, write } from "../../support/litellm-config.ts";

const TEXT = write({
  models: `  - {model_name: flash, litellm_params: {model: vertex_ai/gemini-3.8-flash}}
  - {model_name: flash, litellm_params: {model: vertex_ai/gemini-3.7-flash, vertex_location: europe-west4}}
  - {model_name: vectors, litellm_params: {model: vertex_ai/gemini-embedding-2, vertex_location: os.environ/REGION}}
  - {model_name: tomorrow, litellm_params: {model: vertex_ai/gemini-9}, model_info: {mode: chat}}
  - {model_name: pictures, litellm_params: {model: vertex_ai/imagen-9}, model_info: {mode: image_generation}}
  - {model_name: "any/*", litellm_params: {model: vertex_ai/*}}`,
  router:
    "  model_group_alias: {old: flash, older: {model: vectors, hidden: true}}",
});

const MODELS = [
  {
    name: "flash",
    kind: "chat",
    deployments: [
      { model: "vertex_ai/gemini-3.8-flash" },
      { model: "vertex_ai/gemini-3.7-flash", location: "europe-west4" },
    ],
  },
  {
    name: "vectors",
    kind: "embedding",
    deployments: [{ model: "vertex_ai/gemini-embedding-2" }],
  },
  {
    name: "tomorrow",
    kind: "chat",
    deployments: [{ model: "vertex_ai/gemini-9" }],
  },
  {
    name: "pictures",
    kind: "other",
    deployments: [{ model: "vertex_ai/imagen-9" }],
  },
  {
    name: "any/*",
    kind: "other",
    deployments: [{ model: "vertex_ai/*" }],
  },
  {
    name: "old",
    kind: "chat",
    aliasOf: "flash",
    deployments: [
      { model: "vertex_ai/gemini-3.8-flash" },
      { model: "vertex_ai/gemini-3.7-flash", location: "europe-west4" },
    ],
  },
  {
    name: "older",
    kind: "embedding",
    aliasOf: "vectors",
    hidden: true,
    deployments: [{ model: "vertex_ai/gemini-embedding-2" }],
  },
];

describe("what a config offers to clients", () => {
  test("is each name with what answers, aliases after models", () => {
    const { findings, config } = check(TEXT);
    expect(findings).toEqual([]);
    expect(config).toEqual({ models: MODELS, redis: [] });
  });

  test("is not told of a config with an error", () => {
    const { config } = check(TEXT, { today: "2028-01-01" });
    expect(config).toBeUndefined();
  });

  test("is told of a deployed config, whatever is wrong with it by now", () => {
    expect(readLitellmConfig(TEXT)).toEqual({ models: MODELS, redis: [] });
    expect(readLitellmConfig("model_list: [")).toBeUndefined();
    expect(readLitellmConfig("")).toBeUndefined();
  });
});
