import { expect, test } from "vitest";
import type { InputError } from "../../../scripts/lib/cli/errors.ts";
import { requireStage } from "../../../scripts/lib/pipeline/session.ts";
import { file } from "../../support/pipeline-states.ts";

function hintOf(named: string): string | undefined {
  try {
    requireStage(file, named);
    return undefined;
  } catch (error) {
    expect((error as InputError).message).toBe(
      `${named} is no stage of clouddeploy.yaml`,
    );
    return (error as InputError).hint;
  }
}

test("a stage that is none is told, with the one that was meant, or all of them", () => {
  expect(hintOf("prod-uk")).toBe('Did you mean "prod-us"?');
  expect(hintOf("staging")).toContain("The stages are dev, prod-us, prod-eu.");
  expect(hintOf("dev")).toBeUndefined();
});
