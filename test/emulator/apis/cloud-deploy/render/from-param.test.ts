import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { substituteParameters } from "../../../../../emulator/apis/cloud-deploy/render/from-param.ts";

function render(text: string, parameters: Record<string, string>): unknown {
  const document = parseDocument(text);
  substituteParameters(document, text, parameters);
  return document.toJS();
}

const X = { x: "7" };

describe("a deploy parameter", () => {
  it.each([
    ["keeps a quoted default a text", 'a: "1" # from-param: ${x}', { a: "7" }],
    ["keeps an integer one", "a: 1 # from-param: ${x}", { a: 7 }],
    [
      "turns an unquoted text into a number",
      "a: unset # from-param: ${x}",
      { a: 7 },
    ],
    ["reaches an item of a list", "a:\n- b # from-param: ${x}", { a: [7] }],
    [
      "fills a part of a value",
      'a: "r/i:1" # from-param: r/i:${x}',
      { a: "r/i:7" },
    ],
    [
      "keeps the other part as it is written",
      'a: "eu-1" # from-param: ${region}-${x}',
      { a: "eu-7" },
    ],
    [
      "is not seen in flow style",
      'a: {b: "1", c: "2"} # from-param: ${x}',
      { a: { b: "1", c: "2" } },
    ],
    [
      "is not seen behind a comment of another form",
      "a: 1 #from-param: ${x}\nb: 2 # from-param ${x}",
      { a: 1, b: 2 },
    ],
    [
      "that is not given leaves its default",
      'a: "1" # from-param: ${y}',
      { a: "1" },
    ],
    [
      "does not touch keys and comments above",
      "# from-param: ${x}\na: 1",
      { a: 1 },
    ],
  ])("%s", (_what, text, expected) => {
    expect(render(text, X)).toEqual(expected);
  });

  it("becomes a boolean in place of an unquoted text, a text in quotes", () => {
    const text = 'a: unset # from-param: ${x}\nb: "unset" # from-param: ${x}';
    expect(render(text, { x: "true" })).toEqual({ a: true, b: "true" });
  });

  it("that is no plain YAML stays a text", () => {
    const text = "a: unset # from-param: ${x}";
    for (const x of ["a: b", "[1]", "# no", '"q"', ""]) {
      expect(render(text, { x })).toEqual({ a: x });
    }
  });

  it("replaces a whole list, which must then be one", () => {
    const block = "a: # from-param: ${x}\n- 1\nb:\n# from-param: ${x}\n- 2";
    const flow = "a: [1] # from-param: ${x}";
    expect(render(block, { x: "[3, 4]" })).toEqual({ a: [3, 4], b: [2] });
    expect(render(flow, { x: "" })).toEqual({ a: [] });
    expect(() => render(flow, X)).toThrow(
      'input to array setter must be an array of values, but found "7"',
    );
  });

  it("that is missing beside another one fails the render", () => {
    expect(() => render('a: "b" # from-param: ${x}/${y}', X)).toThrow(
      "values for setters [${y}] must be provided",
    );
  });
});
