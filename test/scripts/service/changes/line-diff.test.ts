import fc from "fast-check";
import { expect, test } from "vitest";
import {
  diffLines,
  withContext,
} from "../../../../scripts/lib/service/changes/line-diff.ts";

function show(before: string, after: string): string[] {
  const marks = { same: " ", removed: "-", added: "+" };
  return diffLines(before, after).map(
    ({ kind, text }) => `${marks[kind]}${text}`,
  );
}

test("a changed line is told as removed, then added", () => {
  expect(show("a\nb\nc", "a\nB\nc")).toEqual([" a", "-b", "+B", " c"]);
});

test("what only moved in between is kept", () => {
  expect(show("a\nb", "a\nnew\nb")).toEqual([" a", "+new", " b"]);
  expect(show("a\nold\nb", "a\nb")).toEqual([" a", "-old", " b"]);
});

test("far lines are left out, once", () => {
  const before = "1\n2\n3\n4\n5\n6\n7";
  const near = withContext(diffLines(before, before.replace("4", "four")), 1);
  expect(near.map((line) => line?.text ?? "…")).toEqual([
    "…",
    "3",
    "4",
    "four",
    "5",
    "…",
  ]);
});

test("either text comes back out of the difference, which is no longer than both", () => {
  const texts = fc
    .array(fc.constantFrom("a", "b", "c", "d"))
    .map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const diff = diffLines(before, after);
      const without = (kind: string): string =>
        diff
          .filter((line) => line.kind !== kind)
          .map(({ text }) => text)
          .join("\n");
      expect(without("added")).toBe(before);
      expect(without("removed")).toBe(after);
      if (before === after) {
        expect(diff.every(({ kind }) => kind === "same")).toBe(true);
      }
    }),
  );
});
