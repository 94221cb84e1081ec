import { describe, expect, test } from "vitest";
import { list, listHints, write } from "../../support/litellm-config.ts";

// The names of the base config are flash and pro; router_settings is in line 9.

describe("an alias", () => {
  const alias = (text: string) =>
    write({ router: `  model_group_alias:\n    ${text}` });

  test.each(["old: flash", "old: {model: flash, hidden: true}"])(
    "may be written as %s",
    (text) => {
      expect(list(alias(text))).toEqual([]);
    },
  );

  test("must name a model_name", () => {
    expect(list(alias("old: flsh"))).toEqual([
      "11:10 error: alias old names flsh, which is no model_name",
    ]);
    expect(listHints(alias("old: flsh"))).toEqual(["Did you mean flash?"]);
    expect(listHints(alias("old: {model: other, hidden: true}"))).toEqual([
      "Add it to model_list, or name one of: flash, pro.",
    ]);
  });

  test("may not name another alias", () => {
    const text = alias("older: old\n    old: flash");
    expect(list(text)).toEqual([
      "11:12 error: alias older names another alias, old: LiteLLM does not follow it",
    ]);
    expect(listHints(text)).toEqual(["Name the model itself: flash."]);
  });

  test("may not hide a model_name", () => {
    expect(list(alias("pro: flash"))).toEqual([
      "11:5 error: alias pro hides the model_name pro: its deployments are never called",
    ]);
  });

  test("may name what a pattern serves", () => {
    const text = write({
      models: "  - {model_name: 'g/*', litellm_params: {model: vertex_ai/*}}",
      router: "  model_group_alias: {old: g/x}",
    });
    expect(list(text)).toEqual([]);
    expect(list(text.replace("g/x", "h/x"))).toHaveLength(1);
  });

  test("does not inherit the fallbacks of its model, which is worth a warning", () => {
    const router = (more: string) =>
      write({
        router: `  model_group_alias: {old: flash}\n  fallbacks: [{flash: [pro]}${more}]`,
      });
    expect(list(router(""))).toEqual([
      "10:23 warning: calls by the alias old do not have the fallbacks of flash",
    ]);
    expect(listHints(router(""))).toEqual(["Add `- old: [pro]` to fallbacks."]);
    expect(list(router(", {old: [pro]}"))).toEqual([]);
  });
});

describe("fallbacks", () => {
  const fallbacks = (text: string) => write({ router: `  fallbacks: ${text}` });

  test.each([
    ["from one name to another", "[{flash: [pro]}]"],
    ["from every name", "[{'*': [pro]}]"],
    ["with parameters of their own", "[{flash: [{model: pro, timeout: 5}]}]"],
    ["for nobody", "[]"],
  ])("may be %s", (_what, text) => {
    expect(list(fallbacks(text))).toEqual([]);
  });

  test("must lead to a name", () => {
    expect(list(fallbacks("[{flash: [prro]}]"))).toEqual([
      "10:24 error: flash falls back to prro, which is no model_name and no alias",
    ]);
    expect(listHints(fallbacks("[{flash: [prro]}]"))).toEqual([
      "Did you mean pro?",
    ]);
  });

  test("must come from a name", () => {
    expect(list(fallbacks("[{flsh: [pro]}]"))).toEqual([
      "10:16 error: fallbacks of flsh, which is no model_name and no alias",
    ]);
  });

  test("may lead to an alias and come from one", () => {
    const router =
      "  model_group_alias: {old: flash}\n  fallbacks: [{old: [pro]}, {pro: [old]}]";
    expect(list(write({ router }))).toEqual([]);
  });

  test.each([
    [
      "a string",
      "[{flash: pro}]",
      "10:23",
      "[0].flash: expected a list, found a text",
    ],
    [
      "an empty list",
      "[{flash: []}]",
      "10:23",
      "[0].flash: expected at least one, found none",
    ],
    [
      "a mapping",
      "{flash: [pro]}",
      "10:14",
      ": expected a list, found a mapping",
    ],
    [
      "names without lists",
      "[flash]",
      "10:15",
      "[0]: expected a mapping, found a text",
    ],
    [
      "two names at once",
      "[{flash: [pro], pro: [flash]}]",
      "10:15",
      "[0]: expected one name, found more",
    ],
  ])("may not be %s", (_what, text, place, message) => {
    expect(list(fallbacks(text))).toEqual([
      `${place} error: router_settings.fallbacks${message}`,
    ]);
  });

  test.each(["context_window_fallbacks", "content_policy_fallbacks"])(
    "are checked as %s, too",
    (kind) => {
      expect(list(write({ router: `  ${kind}: [{flash: [x]}]` }))).toHaveLength(
        1,
      );
    },
  );

  test("are checked in litellm_settings, too", () => {
    expect(list(write({ litellm: "  fallbacks: [{flash: [x]}]" }))).toEqual([
      "7:24 error: flash falls back to x, which is no model_name and no alias",
    ]);
  });

  test("for every model are a list of names", () => {
    const router = (text: string) =>
      write({ router: `  default_fallbacks: ${text}` });
    expect(list(router("[pro]"))).toEqual([]);
    expect(list(router("[x]"))).toEqual([
      "10:23 error: * falls back to x, which is no model_name and no alias",
    ]);
    expect(list(router("pro"))).toEqual([
      "10:22 error: router_settings.default_fallbacks: expected a list, found a text",
    ]);
  });

  test("to the same name, and a second entry of a name, are doubtful", () => {
    expect(list(fallbacks("[{flash: [flash]}]"))).toEqual([
      "10:24 warning: flash falls back to itself",
    ]);
    expect(list(fallbacks("[{flash: [pro]}, {flash: [pro]}]"))).toEqual([
      "10:32 warning: a second entry of flash in fallbacks: LiteLLM takes the first",
    ]);
  });

  test("do not answer embeddings with chat, or with other embeddings", () => {
    const text = (target: string) =>
      write({
        models: `  - {model_name: flash, litellm_params: {model: vertex_ai/gemini-3.8-flash}}
  - {model_name: e1, litellm_params: {model: vertex_ai/gemini-embedding-001}}
  - {model_name: e2, litellm_params: {model: vertex_ai/gemini-embedding-2}}
  - {model_name: e3, litellm_params: {model: vertex_ai/gemini-embedding-001, vertex_location: europe-west4}}`,
        router: `  fallbacks: [{e1: [${target}]}]`,
      });
    expect(list(text("flash"))).toEqual([
      "12:21 error: e1 is for embedding and falls back to flash, which is for chat",
    ]);
    expect(list(text("e2"))).toEqual([
      "12:21 warning: e1 falls back to the embeddings of another model",
    ]);
    expect(list(text("e3"))).toEqual([]);
  });
});
