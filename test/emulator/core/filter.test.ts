import { describe, expect, it } from "vitest";
import { parseFilter } from "../../../emulator/core/filter.ts";

const RESOURCE = {
  state: "ENABLED",
  labels: { env: "dev" },
  name: "p/1/s/abc",
  stages: [{ target: "dev" }, { target: "prod" }],
};

describe("a list filter", () => {
  it.each([
    ["", true],
    ["state:ENABLED", true],
    ["state=ENABLED", true],
    ["state!=ENABLED", false],
    ['state="ENABLED"', true],
    ["state:(DISABLED,ENABLED)", true],
    ["state:(DISABLED,DESTROYED)", false],
    ["name:abc", true],
    ["name=abc", false],
    ["labels.env=dev", true],
    ["labels.env:*", true],
    ["labels.team:*", false],
    ["NOT state:DESTROYED", true],
    ["-state:ENABLED", false],
    ["state:ENABLED AND labels.env=prod", false],
    ["state:ENABLED labels.env=dev", true],
    ["stages.target:prod", true],
    ["stages.target=stage", false],
    ["stages.target!=prod", false],
  ])("%s is %s", (filter, expected) => {
    expect(parseFilter(filter)(RESOURCE)).toBe(expected);
  });

  it.each(["state:ENABLED OR state:DISABLED", "create_time>2024", "word"])(
    "%s is refused rather than ignored",
    (filter) => {
      expect(() => parseFilter(filter)).toThrow(/does not understand/);
    },
  );
});
