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

  test("breaks its last column between words where that makes it fit", () => {
    const table = [
      ["REVISION", "NOTE"],
      ["litellm-proxy-1", "its key is destroyed"],
    ];
    expect(formatTable(table, 37)).toContain("1  its key is destroyed");
    expect(
      formatTable(
        [
          ["A", "NOTE"],
          ["b", "its key is destroyed now"],
        ],
        24,
      ).split("\n"),
    ).toEqual(["A  NOTE", "b  its key is destroyed", "   now"]);
  });

  test("has its cells below one another where even that does not fit", () => {
    const table = [
      ["REVISION", "IMAGE", "NOTE"],
      ["litellm-proxy-1", "registry/litellm", ""],
      ["litellm-proxy-2", "registry/litellm", "its key is destroyed now"],
    ];
    expect(formatTable(table, 36).split("\n")).toEqual([
      "REVISION  litellm-proxy-1",
      "IMAGE     registry/litellm",
      "",
      "REVISION  litellm-proxy-2",
      "IMAGE     registry/litellm",
      "NOTE      its key is destroyed now",
    ]);
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
