import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { check } from "../../support/litellm-config.ts";
import { findPurpose } from "../../support/litellm-on-purpose.ts";
import {
  RECORDED,
  drawSample,
  readVerdicts,
} from "../../support/litellm-sample.ts";

// A sample of test/deep/litellm-verdicts.test.ts, with LiteLLM's recorded
// verdicts. After a change of a case, of the mutations or of LiteLLM record again:
// npx vitest run --config vitest.deep.config.ts --update=all test/deep/litellm-verdicts

test("the check agrees with what LiteLLM said of a sample of slips", () => {
  const recorded = readVerdicts(readFileSync(RECORDED, "utf8"));
  const wrong = drawSample().flatMap(({ name, text, mode }) => {
    const runs = recorded.get(name);
    if (runs === undefined) return [`not recorded: ${name}`];
    const errors = check(text, { mode })
      .findings.filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
    if (!runs) return errors.length === 0 ? [`accepted: ${name}`] : [];
    return errors
      .filter((error) => findPurpose(error) === undefined)
      .map((error) => `refused: ${name}: ${error}`);
  });
  expect(wrong).toEqual([]);
});
