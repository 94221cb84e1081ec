import { expect, test } from "vitest";
import { compare, median } from "../../../bench/serve/figure.ts";
import { slopeOf } from "../../../bench/serve/figures/memory.ts";
import { renderTable } from "../../../bench/serve/page.ts";
import { drawPlot } from "../../../bench/serve/svg.ts";

test("a goal is met at its bound, and missed beyond it", () => {
  const met = (
    bash: number,
    ours: number,
    goal: { least: number } | { most: number },
  ) => compare("rate", bash, ours, "/s", goal).met;
  expect(met(4, 40, { least: 10 })).toBe(true);
  expect(met(4, 39, { least: 10 })).toBe(false);
  expect(met(10, 1, { most: 0.1 })).toBe(true);
  expect(met(10, 2, { most: 0.1 })).toBe(false);
  expect(compare("rate", 4, 40, "/s", undefined).met).toBeUndefined();
});

test("a median is the middle, or between the two of it", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 3])).toBe(4);
});

test("a slope is that of the line through the points", () => {
  const rising = [0, 1, 2, 3].map((x) => [x, 10 + 2 * x] as const);
  expect(slopeOf(rising)).toBeCloseTo(2);
});

test("a table's first row is its head", () => {
  expect(
    renderTable([
      ["", "a"],
      ["b", "1"],
    ]),
  ).toBe("|  | a |\n| --- | --- |\n| b | 1 |");
});

test("a plot draws each series from its first point to its last", () => {
  const svg = drawPlot({
    name: "plot",
    title: "a < b",
    x: "x",
    y: "y",
    series: [
      {
        name: "one",
        points: [
          [0, 0],
          [10, 5],
        ],
      },
    ],
  });
  expect(svg).toContain("a &lt; b");
  expect(svg).toContain('class="line s0" d="M64 276L624 ');
  expect(svg.match(/<circle/g)).toHaveLength(2);
});
