import { describe, expect, test } from "vitest";
import { list, listHints, write } from "../../support/litellm-config.ts";

const one = (model: string, more = "") =>
  write({
    models: `  - {model_name: a, litellm_params: {model: ${model}}${more}}`,
  });

describe("a deployment's model", () => {
  test("must be one that LiteLLM knows", () => {
    const text = one("vertex_ai/gemini-3.8-flsh");
    expect(list(text)).toEqual([
      "2:45 error: vertex_ai/gemini-3.8-flsh is no chat or embedding model that LiteLLM 1.108.14 knows",
    ]);
    expect(listHints(text)).toEqual([
      "Did you mean vertex_ai/gemini-3.8-flash? For a model that is newer, say what it is: model_info: {mode: chat}.",
    ]);
  });

  test("that is for images must be said to be", () => {
    const text = one("vertex_ai/gemini-3-pro-image-preview");
    expect(list(text)).toEqual([
      "2:45 error: vertex_ai/gemini-3-pro-image-preview is no chat or embedding model that LiteLLM 1.108.14 knows",
    ]);
    expect(listHints(text)).toEqual([
      "LiteLLM has it for something else; if it is meant, say so: model_info: {mode: image_generation}.",
    ]);
  });

  test("may be a partner's, and retires as others do", () => {
    expect(list(one("vertex_ai/claude-opus-5"))).toEqual([]);
    expect(list(one("vertex_ai/claude-3-haiku@20240307"))).toEqual([
      expect.stringMatching(/claude-3-haiku@20240307 was retired on /),
    ]);
  });

  test("is not suggested when it is retired", () => {
    expect(listHints(one("vertex_ai/gemini-3.6-flsh"))).toEqual([
      expect.not.stringContaining("gemini-3.6-flash?"),
    ]);
  });

  test.each([
    [", model_info: {mode: chat}"],
    [", model_info: {base_model: vertex_ai/gemini-3.8-flash}"],
  ])("may be newer than LiteLLM's list where the config says%s", (info) => {
    expect(list(one("vertex_ai/gemini-9-flash", info))).toEqual([]);
  });

  test("may be a pattern", () => {
    expect(list(one("vertex_ai/*"))).toEqual([]);
    expect(list(one('"*"'), { mode: "apikey" })).toEqual([]);
  });

  test.each([
    "vertex_ai/1234567890123456789",
    "vertex_ai/gemini/1234567890123456789",
    "vertex_ai/openai/1234567890123456789",
    "vertex_ai_beta/gemini-3.8-flash",
  ])(
    "may be a tuned one by its endpoint's number, or of the beta API: %s",
    (model) => {
      expect(list(one(model))).toEqual([]);
    },
  );

  test("may stand apart from its provider", () => {
    const models = `  - {model_name: a, litellm_params: {model: gemini-3.8-flash, custom_llm_provider: vertex_ai}}`;
    expect(list(write({ models }))).toEqual([]);
  });

  test("of Vertex AI does not fit MODE=apikey", () => {
    const text = one("vertex_ai/gemini-3.8-flash");
    expect(list(text, { mode: "apikey" })).toEqual([
      "2:45 error: vertex_ai/gemini-3.8-flash does not fit MODE=apikey: the service's account may not call Vertex AI",
    ]);
    expect(listHints(text, { mode: "apikey" })).toEqual([
      "Write gemini/gemini-3.8-flash. Or deploy with MODE=vertex.",
    ]);
  });

  test.each([
    "gemini/gemini-3.8-flash",
    "openai/gpt-9",
    "gpt-5.5",
    "anthropic/claude-opus-5",
    "azure/my-deployment",
    "bedrock/anthropic.claude-opus-5",
    "openrouter/openai/gpt-5.5",
    "mistral/mistral-large-latest",
  ])("may be %s with MODE=apikey", (model) => {
    expect(list(one(model), { mode: "apikey" })).toEqual([]);
  });

  test("of another provider fits MODE=vertex beside one of Vertex AI", () => {
    const models = `  - {model_name: a, litellm_params: {model: vertex_ai/gemini-3.8-flash}}
  - {model_name: b, litellm_params: {model: openai/gpt-5.5}}`;
    expect(list(write({ models }))).toEqual([]);
    expect(list(one("openai/gpt-5.5"))).toEqual([
      "1:1 warning: no model goes through Vertex AI, and MODE=vertex gives the service's account a role there",
    ]);
  });

  test("needs a provider that LiteLLM has", () => {
    expect(list(one("opnai/gpt-5.5"), { mode: "apikey" })).toEqual([
      "2:45 error: opnai/gpt-5.5: LiteLLM 1.108.14 has no provider opnai",
    ]);
    expect(listHints(one("opnai/gpt-5.5"), { mode: "apikey" })).toEqual([
      "Did you mean openai/gpt-5.5?",
    ]);
    expect(listHints(one("mycompany/x"), { mode: "apikey" })).toEqual([
      "For an endpoint that speaks OpenAI's API write openai/mycompany/x, and its api_base.",
    ]);
  });

  test("needs a provider", () => {
    expect(list(one("gemini-3.8-flash"))).toEqual([
      "2:45 error: gemini-3.8-flash names no provider",
    ]);
    expect(listHints(one("gemini-3.8-flash"))).toEqual([
      "Write vertex_ai/gemini-3.8-flash.",
    ]);
  });
});

describe("a model that retires on 2027-01-28", () => {
  const text = one("vertex_ai/gemini-3.7-flash");
  test.each([
    ["61 days before", "2026-11-28", []],
    [
      "60 days before",
      "2026-11-29",
      ["warning: … retires on 2027-01-28, in 60 days"],
    ],
    [
      "the day before",
      "2027-01-27",
      ["warning: … retires on 2027-01-28, in 1 day"],
    ],
    ["on that day", "2027-01-28", ["error: … was retired on 2027-01-28"]],
    ["later", "2028-01-01", ["error: … was retired on 2027-01-28"]],
  ])("is judged right %s", (_when, today, expected) => {
    expect(list(text, { today })).toEqual(
      expected.map(
        (finding) =>
          `2:45 ${finding.replace("…", "vertex_ai/gemini-3.7-flash")}`,
      ),
    );
  });

  test("has another date with another provider", () => {
    const other = one("gemini/gemini-3.7-flash");
    expect(list(other, { mode: "apikey", today: "2027-01-28" })).toEqual([]);
  });
});

describe("a model of another provider that LiteLLM's list has a date for", () => {
  const judge = (model: string, more = "", today = "2026-11-01") =>
    list(
      write({
        models: `  - {model_name: a, litellm_params: {model: ${model}}${more}}`,
      }),
      { mode: "apikey", today },
    );

  test.each([
    "anthropic/claude-sonnet-4-5",
    "claude-sonnet-4-5",
    "bedrock/converse/anthropic.claude-opus-4-1-20250805-v1:0",
  ])(
    "is a warning, since nobody here has seen whether it answers: %s",
    (model) => {
      expect(judge(model, "", "2026-09-01")).toEqual([]);
      expect(judge(model, "", "2026-11-29")).toEqual([
        expect.stringMatching(
          /^2:45 warning: .* retires on 20\d\d-\d\d-\d\d, in \d+ days?$/,
        ),
      ]);
      expect(judge(model, "", "2028-01-01")).toEqual([
        expect.stringMatching(
          /^2:45 warning: .* was retired on 20\d\d-\d\d-\d\d$/,
        ),
      ]);
    },
  );

  test("is on Azure what base_model says, for the name there is a deployment's", () => {
    const azure = "azure/codex-mini, api_base: os.environ/PLACE";
    const retires = expect.stringContaining(
      "azure/codex-mini retires on 2026-11-15, in 14 days",
    ) as string;
    const provided = {
      mode: "apikey" as const,
      today: "2026-11-01",
      provided: ["PLACE"],
    };
    const of = (model: string, info: string) =>
      list(
        write({
          models: `  - {model_name: a, litellm_params: {model: ${model}}${info}}`,
        }),
        provided,
      );
    expect(of(azure, "")).toEqual([]);
    expect(
      of(
        "azure/ours, api_base: os.environ/PLACE",
        ", model_info: {base_model: azure/codex-mini}",
      ),
    ).toEqual([retires]);
  });

  test("is whatever an endpoint of one's own has under its name", () => {
    expect(
      judge("openai/computer-use-preview, api_base: http://127.0.0.1:8000/v1"),
    ).toEqual([]);
    expect(judge("openai/computer-use-preview")).toHaveLength(1);
  });
});

describe("a Vertex AI deployment", () => {
  const without = (key: string) =>
    write({}).replace(new RegExp(`  ${key}:.*\n`), "");

  test("needs a location, said once for all", () => {
    expect(list(without("vertex_location"))).toEqual([
      "2:25 error: flash (and 1 more) has no vertex_location: LiteLLM would ask us-central1, where new models do not live",
    ]);
    expect(listHints(without("vertex_location"))).toEqual([
      "Set litellm_settings.vertex_location: os.environ/REGION.",
    ]);
  });

  test("may have a location of its own", () => {
    const text = without("vertex_location").replace(
      /(model: vertex_ai\/[\w.-]+)/g,
      "$1, vertex_location: europe-west4",
    );
    expect(list(text)).toEqual([]);
  });

  test("may find its location in the environment", () => {
    const provided = ["VERTEXAI_LOCATION"];
    expect(list(without("vertex_location"), { provided })).toEqual([]);
  });

  test("is doubtful without a project", () => {
    expect(list(without("vertex_project"))).toEqual([
      "2:25 warning: flash (and 1 more) has no vertex_project: LiteLLM would take the one of the credentials that it finds",
    ]);
  });

  test("is doubtful in a project that is not the env's, once", () => {
    const text = without("vertex_project").replace(
      /(model: vertex_ai\/[\w.-]+)/g,
      "$1, vertex_project: other-project",
    );
    expect(list(text, { projectId: "my-project" })).toEqual([
      "2:93 warning: vertex_project (and 1 more) is other-project, and PROJECT_ID is my-project: a deploy gives the service no role in another project",
    ]);
    expect(list(text, { projectId: "other-project" })).toEqual([]);
    expect(list(text)).toEqual([]);
  });

  test("needs neither with an API key", () => {
    const text = without("vertex_location").replaceAll("vertex_ai/", "gemini/");
    expect(list(text, { mode: "apikey" })).toEqual([]);
  });

  test("with an API key does not fit, and that is all that is said of it", () => {
    const findings = list(without("vertex_location"), { mode: "apikey" });
    expect(findings).toHaveLength(2);
    expect(findings.join()).not.toContain("vertex_location");
  });
});

describe("deployments", () => {
  test("may share a name, but not everything", () => {
    const models = (second: string) =>
      write({
        models: `  - {model_name: a, litellm_params: {model: vertex_ai/gemini-3.8-flash}}
  - {model_name: a, litellm_params: {model: vertex_ai/gemini-3.8-flash${second}}}`,
      });
    expect(list(models(", vertex_location: europe-west4"))).toEqual([]);
    expect(list(models(""))).toEqual([
      "3:5 error: the same deployment of a once more",
    ]);
  });

  test("may answer under two names", () => {
    const models = `  - {model_name: a, litellm_params: {model: vertex_ai/gemini-3.8-flash}}
  - {model_name: b, litellm_params: {model: vertex_ai/gemini-3.8-flash}}`;
    expect(list(write({ models }))).toEqual([]);
  });

  test("are checked for parameters that are almost well-known ones", () => {
    const models = (name: string) =>
      `  - {model_name: a, litellm_params: {model: vertex_ai/gemini-3.8-flash, ${name}: 1}}`;
    expect(list(write({ models: models("timout") }))).toEqual([
      "2:73 warning: timout is no parameter of LiteLLM, which passes it on to the model",
    ]);
    expect(listHints(write({ models: models("timout") }))).toEqual([
      "Did you mean timeout?",
    ]);
    expect(list(write({ models: models("labels_of_mine") }))).toEqual([]);
  });
});
