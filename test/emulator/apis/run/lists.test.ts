import { describe, expect, it } from "vitest";
import { parseLabelSelector } from "../../../../emulator/apis/run/lists.ts";

const LABELS = { "serving.knative.dev/service": "s", env: "dev" };

describe("a label selector", () => {
  it.each([
    ["", true],
    ["serving.knative.dev/service = s", true],
    ["serving.knative.dev/service=s,env==dev", true],
    ["env=prod", false],
    ["env!=prod", true],
    ["env in (dev, prod)", true],
    ["env notin (dev)", false],
    ["env", true],
    ["!env", false],
    ["!team", true],
    ["team", false],
  ])("%j decides on labels: %j", (selector, expected) => {
    expect(parseLabelSelector(selector)(LABELS)).toBe(expected);
  });

  it("is refused when it is none", () => {
    expect(() => parseLabelSelector("env ~ dev")).toThrow(
      "Invalid label selector",
    );
  });
});
