import { describe, expect, test } from "vitest";
import { check, list, listHints, write } from "../../support/litellm-config.ts";

const GOOGLE_KEY = `AIza${"Sy4".repeat(11)}Xy`;

describe("a secret in the file", () => {
  test("is refused as master_key", () => {
    const text = write({}).replace(
      "os.environ/LITELLM_MASTER_KEY",
      "sk-very-much-secret",
    );
    expect(list(text)).toEqual([
      "8:15 error: master_key is written into the file: a secret does not belong here",
    ]);
    expect(listHints(text)[0]).toMatch(/^Write os.environ\/LITELLM_MASTER_KEY/);
  });

  test("is refused as api_key, with what to write instead", () => {
    const models = (provider: string) =>
      `  - {model_name: a, litellm_params: {model: ${provider}/gemini-3.8-flash, api_key: my-own-key}}`;
    const vertex = write({ models: models("vertex_ai") });
    expect(list(vertex)).toEqual([
      "2:82 error: api_key is written into the file: a secret does not belong here",
    ]);
    expect(listHints(vertex)[0]).toMatch(/^Write os.environ\/NAME instead/);
    const apikey = write({ models: models("gemini") });
    expect(listHints(apikey, { mode: "apikey" })[0]).toMatch(
      /^Write os.environ\/NAME, for Gemini os.environ\/GEMINI_API_KEY/,
    );
    const open = write({
      models:
        "  - {model_name: a, litellm_params: {model: openai/llama, api_base: http://10.0.0.2/v1, api_key: none}}",
    });
    expect(list(open, { mode: "apikey" })).toEqual([]);
  });

  test.each([
    ["redis_password", "  redis_password: hunter2"],
    [
      "aws_secret_access_key",
      "  default_litellm_params: {aws_secret_access_key: x}",
    ],
    ["private_key", "  cache_kwargs: {private_key: x}"],
  ])("is refused under the key %s", (key, router) => {
    expect(list(write({ router }))).toEqual([
      expect.stringContaining(`${key} is written into the file`),
    ]);
  });

  test.each([
    ["a Google API key", GOOGLE_KEY],
    ["a secret key (sk-…)", "sk-proj-0123456789"],
    ["a token of GitHub", `ghp_${"a1B2".repeat(9)}`],
    ["a token of Slack", "xoxb-0123456789-abc"],
    ["an access token of Google", `ya29.${"a".repeat(30)}`],
    ["a private key", '"-----BEGIN PRIVATE KEY-----"'],
    ["a password in a URL", "redis://:hunter2@10.0.0.1:6379"],
    ["a password in a URL", "postgresql://me:hunter2@db/litellm"],
  ])("is known by its shape: %s", (what, value) => {
    const { findings } = check(write({ litellm: `  api_base: ${value}` }));
    expect(findings.map(({ message }) => message)).toEqual([
      `this looks like ${what}: a secret does not belong here`,
    ]);
  });

  test("is found in a comment", () => {
    expect(list(`${write({})}# api_key: ${GOOGLE_KEY}\n`)).toEqual([
      "9:12 error: this looks like a Google API key: a secret does not belong here",
    ]);
  });

  test("is found in broken YAML", () => {
    const messages = list(`a: [\nb: ${GOOGLE_KEY}\n`);
    expect(messages.join("\n")).toContain("this looks like a Google API key");
  });

  test("is never shown", () => {
    const values = [GOOGLE_KEY, "sk-very-much-secret", "hunter2"];
    const text = write({
      litellm: `  api_key: ${GOOGLE_KEY}\n  num_retries: ${GOOGLE_KEY}`,
      router: "  redis_password: hunter2",
      more: "environment_variables: {KEY: sk-very-much-secret}",
    });
    const shown = JSON.stringify(check(text));
    for (const value of values) expect(shown).not.toContain(value);
  });

  test.each([
    ["a reference", "  api_key: os.environ/REGION"],
    ["a number of tokens", "  max_tokens: 5"],
    ["nothing", "  api_key: null"],
    [
      "a name with sk- in it",
      "  api_base: https://task-manager.example/risk-assessment",
    ],
    ["an address without a password", "  api_base: https://user@example.com"],
  ])("is not %s", (_what, litellm) => {
    expect(list(write({ litellm }))).toEqual([]);
  });
});
