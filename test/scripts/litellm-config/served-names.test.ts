import { describe, expect, test } from "vitest";
import { isListed } from "../../../scripts/lib/litellm-config/served-names.ts";

describe("a name in LiteLLM's list of models", () => {
  test.each([
    ["gemini-3.5-flash", "gemini/*"],
    ["gemini/gemini-3.5-flash", "gemini/*"],
    ["vertex_ai/gemini-3.5-flash", "vertex_ai/*"],
    ["anything", "*"],
    ["flash", "flash"],
  ])("%s comes from %s", (name, pattern) => {
    expect(isListed(name, new Set([pattern]))).toBe(true);
  });

  test.each([
    ["gpt-9", "gemini/gemini-*"],
    ["gemini-3.5-flash", "gemini/flash"],
    ["flash", "pro"],
  ])("%s does not come from %s", (name, pattern) => {
    expect(isListed(name, new Set([pattern]))).toBe(false);
  });
});
