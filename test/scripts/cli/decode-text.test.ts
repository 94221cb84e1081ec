import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText } from "../../../scripts/lib/cli/decode-text.ts";

const read = (bytes: Buffer) => () => decodeText(bytes, "a.yaml");

describe("a file that is no UTF-8 text", () => {
  test.each([
    ["UTF-16", Buffer.from("\uFEFFa: 1\n", "utf16le"), "a.yaml is UTF-16"],
    [
      "UTF-16, big end first",
      Buffer.from("\uFEFFa: 1\n", "utf16le").swap16(),
      "a.yaml is UTF-16",
    ],
    ["a NUL byte", Buffer.from("a: 1\nb: \0\n"), "a.yaml:2: a NUL byte"],
    [
      "Latin-1",
      Buffer.from("a: 1\n\nb: Zürich\n", "latin1"),
      "a.yaml:3: byte 0xfc, which is not UTF-8",
    ],
    [
      "a character without its end",
      Buffer.from([0x61, 0xc3, 0x72]),
      "a.yaml:1: byte 0xc3, which is not UTF-8",
    ],
    [
      "a character that is cut",
      Buffer.from("a: 1\nb: ü").subarray(0, -1),
      "a.yaml:2: byte 0xc3, which is not UTF-8",
    ],
  ])("is named: %s", (_what, bytes, message) => {
    expect(read(bytes)).toThrow(message);
  });

  test("is only that", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!text.includes("\0") && !/^[\uFEFF\uFFFE]/.test(text));
        expect(decodeText(Buffer.from(text), "a.yaml")).toBe(text);
      }),
      { seed: 20261128 },
    );
  });
});
