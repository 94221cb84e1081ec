import { describe, expect, test } from "vitest";
import { check, list, listHints, write } from "../../support/litellm-config.ts";

describe("the YAML of a config", () => {
  test("is right in the config that the other tests start from", () => {
    expect(list(write({}))).toEqual([]);
  });

  test("is refused where LiteLLM could not read it, with the place", () => {
    const { findings, config } = check(
      "model_list:\n  - model_name: [a\nx: 1\n",
    );
    expect(config).toBeUndefined();
    expect(findings[0]).toMatchObject({
      severity: "error",
      file: "config.yaml",
      line: 3,
      message: expect.stringContaining("not valid YAML") as string,
    });
  });

  test.each([
    ["a tab", "model_list:\n\t- a: 1\n"],
    ["two documents", "a: 1\n---\nb: 2\n"],
    ["an unknown tag", "model_list: !!python/object:os.system [x]\n"],
    ["an alias of nothing", "model_list: *none\n"],
    ["an alias within what it repeats", "model_list: &a [*a]\n"],
    [
      "aliases that grow without bounds",
      `a: &a [${"x,".repeat(9)}]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]\n`,
    ],
    ["an open quote", 'model_list: "abc\n'],
    ["a control character", 'model_list: "a\u0007b"\n'],
  ])("is refused with %s", (_what, text) => {
    const { findings, config } = check(text);
    expect(config).toBeUndefined();
    expect(findings.map(({ message }) => message).join("\n")).toMatch(
      /not valid YAML/,
    );
  });

  test("may not have a key twice, and is checked for everything else as well", () => {
    const text = write({
      general: "  master_key: os.environ/LITELLM_MASTER_KEY",
      router: "  routing_strategy: fastest",
    });
    expect(list(text)).toEqual([
      "9:3 error: master_key stands twice in the same mapping",
      "11:21 error: router_settings.routing_strategy: fastest is not one of its values",
    ]);
  });

  test("is read as YAML 1.1, as LiteLLM reads it", () => {
    expect(list(write({ litellm: "  drop_params: yes" }))).toEqual([]);
  });

  test("has the texts and numbers that PyYAML sees", () => {
    const text = write({
      models: `  - model_name: e1
    litellm_params: {model: vertex_ai/gemini-3.8-flash, n: 1, max_budget: 1.5e+3}`,
      router: "  timeout: 1e3",
    });
    expect(list(text)).toEqual([
      "10:12 error: router_settings.timeout: expected a number, found a text",
    ]);
  });

  test("may repeat itself with anchors and merge keys", () => {
    const models = `  - {model_name: a, litellm_params: &common {model: vertex_ai/gemini-3.8-flash, timeout: 5}}
  - {model_name: b, litellm_params: {<<: *common, model: vertex_ai/gemini-3.8-flsh}}`;
    expect(list(write({ models }))).toEqual([
      "3:58 error: vertex_ai/gemini-3.8-flsh is no chat or embedding model that LiteLLM 1.108.14 knows",
    ]);
  });

  test("is found wanting at an anchor that is used elsewhere", () => {
    const models = `  - {model_name: a, litellm_params: &common {model: vertex_ai/gemini-3.8-flsh}}
  - {model_name: b, litellm_params: *common}`;
    expect(list(write({ models }))).toHaveLength(2);
    expect(check(write({ models })).findings.map(({ line }) => line)).toEqual([
      2, 2,
    ]);
  });

  test.each([
    ["nothing", "", "the file: expected a mapping, found nothing"],
    ["a list", "- a\n", "the file: expected a mapping, found a list"],
    ["a text", "hello\n", "the file: expected a mapping, found a text"],
  ])("cannot be %s", (_what, text, message) => {
    expect(list(text)).toEqual([`1:1 error: ${message}`]);
  });

  test("may have 64 KiB, as Secret Manager takes them, and not a byte more", () => {
    const text = write({});
    const fill = (bytes: number) =>
      `${text}#${"x".repeat(bytes - Buffer.byteLength(text) - 1)}`;
    expect(list(fill(64 * 1024))).toEqual([]);
    expect(list(fill(64 * 1024 + 1))).toEqual([
      "1:1 error: 65537 bytes: Secret Manager takes at most 65536",
    ]);
  });

  test("has its findings in the order of the file", () => {
    const text = write({
      models: "  - {model_name: a, litellm_params: {model: vertex_ai/x}}",
      litellm: "  nonsense_key: 1",
      general: "  max_request_size_mb: 1",
    });
    const lines = check(text).findings.map(({ line }) => line);
    expect(lines).toEqual([2, 6, 9]);
    expect(listHints(text).every((hint) => hint.length > 0)).toBe(true);
  });
});
