import { expect, test } from "vitest";
import { CASES } from "../../support/litellm-cases.ts";
import { list } from "../../support/litellm-config.ts";

// Configs that were once misjudged, each for a kind of them. That LiteLLM itself
// says the same, and of many more, is for test/deep.

test.each(CASES)("the verdict on $name", ({ text, mode }) => {
  expect(list(text, { mode, projectId: "demo-litellm" })).toMatchSnapshot();
});
