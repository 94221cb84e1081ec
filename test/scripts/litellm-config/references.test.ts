import { describe, expect, test } from "vitest";
import { list, listHints, write } from "../../support/litellm-config.ts";

describe("a reference os.environ/NAME", () => {
  test.each([
    ["in a section", { litellm: "  request_timeout: os.environ/REGION" }],
    [
      "in the parameters of a deployment",
      {
        models:
          "  - {model_name: a, litellm_params: {model: vertex_ai/gemini-3.8-flash, vertex_location: os.environ/REGION}}",
      },
    ],
    [
      "deep in mappings and in mappings in lists",
      {
        more: "guardrails:\n  - {guardrail_name: g, litellm_params: {guardrail: aim, mode: pre_call, deep: {api_base: os.environ/REGION}}}",
      },
    ],
  ])("is right %s", (_where, parts) => {
    expect(list(write(parts))).toEqual([]);
  });

  test("must name something that the service provides", () => {
    const text = write({ litellm: "  request_timeout: os.environ/REGIN" });
    expect(list(text)).toEqual([
      "7:20 error: REGIN is not in the service's environment, so LiteLLM gets nothing here",
    ]);
    expect(listHints(text)).toEqual(["Did you mean os.environ/REGION?"]);
  });

  test("may name what an env gives: doubtful where no env is asked", () => {
    const text = write({ litellm: "  cache_params: {host: os.environ/REDIS}" });
    expect(listHints(text)).toEqual([
      "Each env that deploys this file needs it: write REDIS=… into its file, or SECRET_VARIABLES=REDIS where it is a secret.",
    ]);
    expect(list(text)).toEqual([
      "7:24 warning: REDIS has no value but in an env that gives it one",
    ]);
    expect(list(text, { provided: ["REDIS"] })).toEqual([]);
  });

  test("must have a value in the env that deploys it", () => {
    const text = write({ litellm: "  cache_params: {host: os.environ/REDIS}" });
    expect(list(text, { env: "dev" })).toEqual([
      "7:24 error: REDIS is not in the service's environment, so LiteLLM gets nothing here",
    ]);
    expect(listHints(text, { env: "dev" })).toEqual([
      "Write REDIS=… into envs/dev.env, or SECRET_VARIABLES=REDIS where it is a secret.",
    ]);
  });

  test("is not filled from the config's own environment_variables", () => {
    const text = write({
      more: "environment_variables: {TIMEOUT: 30}",
      litellm: "  request_timeout: os.environ/TIMEOUT",
    });
    expect(list(text)).toHaveLength(1);
    expect(listHints(text)[0]).toMatch(/before it reads environment_variables/);
  });

  test.each([
    ["projects/os.environ/PROJECT_ID", "at its end"],
    ["os.environ/PROJECT_ID-eu", "with something behind it"],
    ["os.environ/PROJECT_ID/eu", "with a path behind it"],
    ["os.environ/", "without a name"],
  ])("must be the whole value, not %s", (value) => {
    expect(list(write({ litellm: `  api_base: ${value}` }))).toEqual([
      "7:13 error: os.environ/… is not the whole value here, so LiteLLM leaves it as it is",
    ]);
  });

  test.each([
    ["in a list", "  callbacks: [os.environ/REGION]", 15],
    [
      "in a list in a list",
      "  s3_callback_params: {a: [[{b: os.environ/REGION}]]}",
      33,
    ],
  ])("is not resolved %s", (_where, litellm, column) => {
    expect(list(write({ litellm }))).toContain(
      `7:${column} error: LiteLLM does not resolve os.environ/REGION in a list`,
    );
  });

  test.each(["${PROJECT_ID}", "$PROJECT_ID"])(
    "is not written like a shell's %s",
    (value) => {
      const text = write({ litellm: `  api_base: ${value}` });
      expect(list(text)).toEqual([
        `7:13 error: LiteLLM does not expand ${value}`,
      ]);
      expect(listHints(text)).toEqual(["Write os.environ/PROJECT_ID."]);
    },
  );

  test("is told apart from text with a dollar", () => {
    expect(list(write({ litellm: '  api_base: "$5 a call"' }))).toEqual([]);
  });
});
