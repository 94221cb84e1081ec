import { describe, expect, test } from "vitest";
import { formatAge, formatTable } from "../../../scripts/lib/cli/table.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a table", () => {
  test("has columns as wide as their widest cell, and no space at a line's end", () => {
    expect(
      formatTable([
        ["REVISION", "AGE", "NOTE"],
        ["litellm-proxy-1", "5 min", ""],
        ["b", "48 h", "serves"],
      ]),
    ).toBe(
      [
        "REVISION         AGE    NOTE",
        "litellm-proxy-1  5 min",
        "b                48 h   serves",
      ].join("\n"),
    );
  });

  test("shows a cell that the head does not have", () => {
    expect(formatTable([["A"], ["long", "more"]])).toBe("A\nlong  more");
  });

  test("is empty without rows", () => {
    expect(formatTable([])).toBe("");
  });
});

describe("an age", () => {
  test.each([
    [-5 * MINUTE, "0 min"],
    [0, "0 min"],
    [MINUTE - 1, "0 min"],
    [59 * MINUTE, "59 min"],
    [HOUR, "1 h"],
    [47 * HOUR + 59 * MINUTE, "47 h"],
    [48 * HOUR, "2 d"],
    [80 * HOUR, "3 d"],
  ])("of %i ms is %s", (milliseconds, text) => {
    expect(formatAge(milliseconds)).toBe(text);
  });
});
