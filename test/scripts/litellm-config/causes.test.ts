import { describe, expect, test } from "vitest";
import { list, listHints, write } from "../../support/litellm-config.ts";

const TEXT = write({
  models: `  - {model_name: flash, litellm_params: {model: vertex_ai/gemini-3.8-flash}}
  - {model_name: pro, litellm_params: {model: vertex_ai/gemini-4-argon}}`,
  router: `  model_group_alias: {fast: flash}
  fallbacks:
    - {pro: [flash]}
    - {fast: [pro]}
    - {flash: [pro]}
  default_fallbacks: [flash]`,
});

/** What is said once `found` reads `instead`. */
const slip = (found: string, instead: string): string[] => {
  expect(TEXT).toContain(found);
  return list(TEXT.replace(found, instead));
};

describe("one mistake is one finding", () => {
  test("all is right before it", () => {
    expect(list(TEXT)).toEqual([]);
  });

  test("where a model was renamed, and four places name it", () => {
    const renamed = TEXT.replace("model_name: flash", "model_name: flash-3");
    expect(list(renamed)).toEqual([
      "10:29 error: flash is no model_name and no alias (line 10, line 12, line 14, line 15)",
    ]);
    expect(listHints(renamed)).toEqual([
      "Add it to model_list, or name one of: flash-3, pro.",
    ]);
  });

  test("where a variable is misspelt in several places", () => {
    const text = write({
      litellm:
        "  api_base: os.environ/PROJCT_ID\n  api_key: os.environ/PROJCT_ID",
    });
    expect(list(text, { env: "dev" })).toEqual([
      "7:13 error: PROJCT_ID is not in the service's environment (line 7, line 8)",
    ]);
  });

  test.each([
    [
      "a name that an entry needs is misspelt",
      "{model_name: flash",
      "{model_nam: flash",
      "2:6 error: LiteLLM 1.108.14 does not know model_nam in model_list[0], and ignores it",
    ],
    [
      "an entry is none",
      "{model_name: flash, litellm_params: {model: vertex_ai/gemini-3.8-flash}}",
      "flash",
      "2:5 error: model_list[0]: expected a mapping, found a text",
    ],
    [
      "an entry has no model, but its name",
      "litellm_params: {model: vertex_ai/gemini-3.8-flash}",
      "litellm_params: {}",
      "2:25 error: model_list[0].litellm_params: model is missing",
    ],
    [
      "the list of models is misspelt",
      "model_list",
      "model_lst",
      "1:1 error: LiteLLM 1.108.14 does not know model_lst in the config, and ignores it",
    ],
    [
      "a setting that every model needs is misspelt",
      "vertex_location",
      "vertex_locaton",
      "6:3 error: LiteLLM 1.108.14 does not know vertex_locaton in litellm_settings, and ignores it",
    ],
    [
      "a whole section is misspelt",
      "litellm_settings",
      "litelm_settings",
      "4:1 error: LiteLLM 1.108.14 does not know litelm_settings in the config, and ignores it",
    ],
  ])("where %s", (_what, found, instead, finding) => {
    expect(slip(found, instead)).toEqual([finding]);
  });
});

test("a doubt that an error comes from is the error", () => {
  const credential = (name: string) => `model_list:
  - {model_name: a, litellm_params: {model: vertex_ai/gemini-3.8-flash, litellm_credential_name: ${name}}}
credential_list:
  - credential_name: vertex
    credential_values: {vertex_location: global, vertex_project: p}
    credential_info: {}
general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}
`;
  expect(list(credential("vertex"))).toEqual([]);
  expect(list(credential("vertx"))).toEqual([
    "2:98 error: credential_list has no vertx: LiteLLM calls the model without it",
  ]);
});

test("two mistakes are two", () => {
  const text = TEXT.replace("{fast: flash}", "{fast: flsh}");
  expect(list(text.replace("vertex_location", "vertex_locaton"))).toEqual([
    expect.stringContaining("vertex_locaton"),
    expect.stringContaining("alias fast names flsh, which is no model_name"),
  ]);
});
