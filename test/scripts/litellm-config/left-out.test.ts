import { describe, expect, test } from "vitest";
import { list, listHints, write } from "../../support/litellm-config.ts";

// What LiteLLM does not start with, or starts without: that it does so is for
// test/deep/litellm-verdicts.test.ts. `more` stands from line 9 on.

describe("a guardrail", () => {
  const guardrail = (params: string) =>
    write({
      more: `guardrails:\n  - {guardrail_name: g, litellm_params: {${params}}}`,
    });

  test.each([
    "guardrail: litellm_content_filter, mode: pre_call",
    "guardrail: lakera_v2, mode: [pre_call, post_call]",
    "guardrail: aim, mode: {tags: {a: pre_call}, default: post_call}",
  ])("may be %s", (params) => {
    expect(list(guardrail(params))).toEqual([]);
  });

  test("must be one that LiteLLM has, or it answers without it", () => {
    const text = guardrail("guardrail: lakera_v22, mode: pre_cal");
    expect(list(text)).toEqual([
      "10:53 error: LiteLLM 1.108.14 has no guardrail lakera_v22: it would answer without this guardrail",
      "10:71 error: LiteLLM 1.108.14 has no guardrail mode pre_cal: it would answer without this guardrail",
    ]);
    expect(listHints(text)).toEqual([
      "Did you mean lakera_v2?",
      "Did you mean pre_call?",
    ]);
  });

  test("needs its name, what it is and when it is asked", () => {
    expect(list(write({ more: "guardrails: [{}]" }))).toEqual([
      "9:14 error: guardrails[0]: guardrail_name is missing",
      "9:14 error: guardrails[0]: litellm_params is missing",
    ]);
    expect(list(guardrail("a: 1"))).toEqual([
      "10:25 error: guardrails[0].litellm_params: guardrail is missing",
      "10:25 error: guardrails[0].litellm_params: mode is missing",
    ]);
  });

  test("that is presidio needs its two services, in the config or in the environment", () => {
    const text = guardrail("guardrail: presidio, mode: pre_call");
    expect(list(text)).toEqual([
      "10:53 error: presidio has no presidio_analyzer_api_base: LiteLLM does not start without it",
      "10:53 error: presidio has no presidio_anonymizer_api_base: LiteLLM does not start without it",
    ]);
    const provided = [
      "PRESIDIO_ANALYZER_API_BASE",
      "PRESIDIO_ANONYMIZER_API_BASE",
    ];
    expect(list(text, { provided })).toEqual([]);
  });
});

describe("callbacks", () => {
  const callbacks = (text: string) =>
    write({ litellm: `  callbacks: ${text}` });

  test("must be LiteLLM's own, or named in callback_settings", () => {
    expect(list(callbacks("[prometheus, otel]"))).toEqual([]);
    expect(list(callbacks("[promethus]"))).toEqual([
      "7:15 error: LiteLLM 1.108.14 has no callback promethus, and does not start with it",
    ]);
    const named = "  callbacks: [mine]\ncallback_settings: {mine: {}}";
    expect(list(write({ litellm: named }))).toEqual([]);
  });

  test("must be a list", () => {
    expect(list(callbacks("prometheus"))).toEqual([
      "7:14 error: callbacks is one name: LiteLLM does not start with it",
    ]);
    expect(list(callbacks(""))).toEqual([
      "7:3 error: litellm_settings.callbacks: expected a list or a text, found nothing",
    ]);
  });
});

test("a parameter of a cache in Redis must be one", () => {
  const cache = (params: string) =>
    write({ litellm: `  cache: true\n  cache_params: ${params}` });
  expect(
    list(cache("{type: redis, host: h, port: 6379, ssl: true, ttl: 5}")),
  ).toEqual([]);
  expect(list(cache("{type: redis, hots: h}"))).toEqual([
    "8:31 error: hots is no parameter of a cache in Redis",
  ]);
  expect(list(cache("{type: local, hots: h}"))).toEqual([]);
  expect(list(cache("{type: rediss}"))).toEqual([
    "8:24 error: litellm_settings.cache_params.type: rediss is not one of its values",
  ]);
});

describe("a router over other models", () => {
  const router = (model: string, params: string) =>
    write({
      models: `  - {model_name: flash, litellm_params: {model: vertex_ai/gemini-3.8-flash}}\n  - {model_name: r, litellm_params: {model: auto_router/${model}, ${params}}}`,
    });

  test("has a kind, and what that needs", () => {
    const tiers = "complexity_router_config: {tiers: {SIMPLE: flash}}";
    expect(list(router("complexity_router", tiers))).toEqual([]);
    expect(list(router("complexity_router", "rpm: 1"))).toEqual([
      "3:45 error: auto_router/complexity_router has no complexity_router_config or complexity_router_default_model: LiteLLM starts without r",
    ]);
    expect(listHints(router("complxity_router", tiers))).toEqual([
      "Did you mean auto_router/complexity_router?",
    ]);
  });

  test("names models", () => {
    const tiers = "complexity_router_config: {tiers: {SIMPLE: null}}";
    expect(list(router("complexity_router", tiers))).toEqual([
      "3:119 error: model_list[1].litellm_params.complexity_router_config.tiers.SIMPLE: expected a text or a list, found nothing",
    ]);
  });
});

test("litellm_settings may not be empty where mcp_servers are", () => {
  const text =
    "model_list:\n  - {model_name: a, litellm_params: {model: openai/a}}\nlitellm_settings:\n";
  const servers = "mcp_servers: {a: {url: https://example.com}}\n";
  expect(list(text, { mode: "apikey" })).toEqual([]);
  expect(list(text + servers, { mode: "apikey" })).toEqual([
    "3:1 error: litellm_settings is empty: with mcp_servers, LiteLLM does not start with it",
  ]);
});

test.each([
  ["a number as a text", "rpm: '100'", []],
  ["a price as a text", "output_cost_per_token: '0.1'", []],
  [
    "a date where a text is asked for",
    "api_version: 2026-01-01",
    [
      "2:90 error: model_list[0].litellm_params.api_version: expected a text, found a date",
    ],
  ],
])("%s is what LiteLLM reads", (_what, param, findings) => {
  const models = `  - {model_name: flash, litellm_params: {model: vertex_ai/gemini-3.8-flash, ${param}}}`;
  expect(list(write({ models }))).toEqual(findings);
});

test.each([
  [
    "usage-based-routing-v2",
    [
      "11:3 error: routing_strategy_args is empty: with usage-based-routing-v2, LiteLLM does not start with it",
    ],
  ],
  ["simple-shuffle", []],
])("a strategy without its arguments is judged: %s", (strategy, expected) => {
  const router = `  routing_strategy: ${strategy}\n  routing_strategy_args:`;
  expect(list(write({ router }))).toEqual(expected);
});
