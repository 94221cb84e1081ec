import { describe, expect, test } from "vitest";
import type { Arguments } from "../../../scripts/lib/cli/run-script.ts";
import { describeCosts } from "../../../scripts/lib/load/costs.ts";
import {
  boundCalls,
  parseLoad,
  repeatOptions,
} from "../../../scripts/lib/load/options.ts";

const typed = (values: Record<string, string | true> = {}): Arguments => ({
  positionals: [],
  flag: (name) => values[name] === true,
  value: (name) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  },
  values: () => [],
});

test("without a word it is small, and streams nothing", () => {
  expect(parseLoad(typed())).toEqual({
    concurrency: 4,
    seconds: 10,
    maxCalls: undefined,
    rate: undefined,
    latency: undefined,
    stream: false,
    model: undefined,
    report: undefined,
  });
});

test("a rate may have ten seconds' worth of calls in flight", () => {
  const options = { rate: "30", latency: "800ms", duration: "5m" };
  expect(parseLoad(typed(options))).toMatchObject({
    concurrency: 300,
    seconds: 300,
    latency: 800,
  });
  expect(parseLoad(typed({ rate: "200" })).concurrency).toBe(500);
});

test.each([
  [{ concurrency: "0" }, "--concurrency=0: expected 1 to 500"],
  [{ concurrency: "501" }, "--concurrency=501: expected 1 to 500"],
  [{ "max-calls": "1e3" }, "--max-calls=1e3: expected 1 to 10000"],
  [{ rate: "0.5" }, "--rate=0.5: expected 1 to 200"],
  [{ duration: "10" }, "--duration=10: expected 800ms, 30s or 5m"],
  [{ duration: "31m" }, "--duration=31m: expected 1s to 30m"],
  [{ duration: "500ms" }, "--duration=500ms: expected 1s to 30m"],
  [{ latency: "2s" }, "--latency goes with --rate"],
  [{ report: "load.pdf" }, "--report=load.pdf: expected a file"],
  [{ report: "no/such/load.html" }, "there is no directory"],
])("%j is refused", (options, words) => {
  expect(() => parseLoad(typed(options))).toThrow(words);
});

test("a real env has a bound that somebody named; the rehearsal has one anyway", () => {
  const options = parseLoad(typed());
  const real = { env: "dev", projectId: "my-project" };
  expect(() => boundCalls(options, real)).toThrow(
    "nobody said how many at most",
  );
  expect(boundCalls({ ...options, maxCalls: 9 }, real).calls).toBe(9);
  const rehearsal = { env: "local", projectId: "demo-litellm" };
  expect(boundCalls(options, rehearsal).calls).toBe(1000);
});

test("what was typed can be typed again", () => {
  const options = { "max-calls": "5", stream: true, json: true } as const;
  expect(repeatOptions(typed(options))).toEqual(["--max-calls=5", "--stream"]);
});

describe("the cost", () => {
  const bounds = { calls: 1000, seconds: 60 };
  const served = (...models: string[]) => [
    {
      name: "mine",
      kind: "chat" as const,
      deployments: models.map((model) => ({ model })),
    },
  ];

  test("is that of the dearest deployment, by the list's prices", () => {
    const dear = "vertex_ai/gemini-3.1-pro-preview";
    const cheap = "vertex_ai/gemini-3.1-flash-lite";
    const costs = describeCosts("mine", served(cheap, dear), bounds);
    expect(costs.join("\n")).toMatchInlineSnapshot(`
      "At most 1,000 calls of mine, started within 60 s. What they cost at most:
      - the model: 100,000 tokens in and 512,000 out, which is 6.34 US dollars by the prices in LiteLLM 1.108.14 (they bear no date);
      - Cloud Run: 1,000 requests, and its instances while they answer; Cloud Logging: their lines.
      Calls that LiteLLM repeats (num_retries, fallbacks) come on top. The price pages: docs/operating.md, "Costs"."
    `);
  });

  test("has no price where the list has none", () => {
    const models = served("openai/gpt-x", "vertex_ai/gemini-3.1-flash-lite");
    const [, model] = describeCosts("mine", models, bounds);
    expect(model).toContain("512,000 out, for which no price is known here");
    expect(describeCosts("a*", [], bounds)[1]).toContain("no price is known");
  });
});
