import { describe, expect, test } from "vitest";
import { suggest } from "../../../scripts/lib/cli/suggest.ts";

const names = ["MEMORY", "MODE", "MIN_INSTANCES", "MAX_INSTANCES"];

describe("suggest", () => {
  test.each([
    ["MEMROY", "MEMORY"],
    ["mode", "MODE"],
    ["MODUS", undefined],
    ["MAXINSTANCES", "MAX_INSTANCES"],
    ["MN_INSTANCES", "MIN_INSTANCES"],
    ["", undefined],
    ["REGION", undefined],
    ["MAX_NUMBER_OF_INSTANCES", undefined],
    ["MAX_IMSTAMCEZ", "MAX_INSTANCES"],
    ["MAX_IMSTAMZEZ", undefined],
  ])("takes %j for %j", (word, expected) => {
    expect(suggest(word, names)).toBe(expected);
  });

  test("takes the nearest of several candidates", () => {
    expect(
      suggest("gemini-3.8-flsh", ["gemini-3.7-flash", "gemini-3.8-flash"]),
    ).toBe("gemini-3.8-flash");
  });

  test("takes the one with the same capitals where others have the same letters", () => {
    expect(suggest("Wrods", ["words", "Words", "WORDS"])).toBe("Words");
  });

  test("finds nothing among no candidates", () => {
    expect(suggest("word", [])).toBeUndefined();
  });
});
