import { expect, test } from "vitest";
import { check } from "../../support/litellm-config.ts";
import { ON_PURPOSE, findPurpose } from "../../support/litellm-on-purpose.ts";

// That LiteLLM starts with each, and what a call then shows: test/deep.

test.each(ON_PURPOSE)("is refused on purpose: $says", (purpose) => {
  const { text, mode } = purpose.example;
  const errors = check(text, { mode }).findings.filter(
    ({ severity }) => severity === "error",
  );
  expect(errors.map(({ message }) => findPurpose(message)?.says)).toEqual([
    purpose.says,
  ]);
});
