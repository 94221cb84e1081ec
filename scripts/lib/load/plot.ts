/** SVG figures for a page that has the classes `grid`, `axis`, `good`, `bad`, `mark`; readable at the width of a phone. */

export interface Axis {
  label: string;
  max: number;
}

export interface Point {
  x: number;
  y: number;
  /** Drawn as a cross, and in another colour. */
  bad: boolean;
}

/** A bar from one x to another; what is bad stands on top. */
export interface Bar {
  from: number;
  to: number;
  good: number;
  bad: number;
}

/** A line from top to bottom, with its name. */
export interface Mark {
  x: number;
  name: string;
}

const WIDTH = 360;
const HEIGHT = 220;
const LEFT = 46;
const RIGHT = 10;
const TOP = 18;
const BOTTOM = 38;

export function plotPoints(
  title: string,
  points: readonly Point[],
  x: Axis,
  y: Axis,
): string {
  const at = place(x, y);
  const drawn = points.map((point) => {
    const [left, top] = at(point.x, point.y);
    return point.bad
      ? `<path class="bad" d="M${left - 3} ${top - 3}l6 6m0 -6l-6 6"/>`
      : `<circle class="good" cx="${left}" cy="${top}" r="2"/>`;
  });
  return frame(title, x, y, drawn);
}

export function plotBars(
  title: string,
  bars: readonly Bar[],
  x: Axis,
  y: Axis,
  marks: readonly Mark[] = [],
): string {
  const at = place(x, y);
  const rectangle = (kind: string, bar: Bar, low: number, high: number) => {
    const [left, top] = at(bar.from, high);
    const [right, bottom] = at(bar.to, low);
    const width = Math.max(1, right - left - 1);
    return `<rect class="${kind}" x="${left}" y="${top}" width="${round(width)}" height="${round(bottom - top)}"/>`;
  };
  const drawn = bars.flatMap((bar) => [
    rectangle("good", bar, 0, bar.good),
    rectangle("bad", bar, bar.good, bar.good + bar.bad),
  ]);
  const lines = marks.map(({ x: value, name }, index) => {
    const [left, top] = at(value, y.max);
    const bottom = HEIGHT - BOTTOM;
    // One below the other, so that near ones do not cover each other's name.
    const row = top - 6 + index * 11;
    const end = left > WIDTH - 60;
    const anchor = end ? ' text-anchor="end"' : "";
    return `<path class="mark" d="M${left} ${top}V${bottom}"/><text x="${left + (end ? -3 : 3)}" y="${row + 8}"${anchor}>${escapeText(name)}</text>`;
  });
  return frame(title, x, y, [...drawn, ...lines]);
}

/** From a value to where it stands. */
function place(x: Axis, y: Axis): (a: number, b: number) => [number, number] {
  const width = WIDTH - LEFT - RIGHT;
  const height = HEIGHT - TOP - BOTTOM;
  return (a, b) => [
    round(LEFT + (a / x.max) * width),
    round(TOP + height - (b / y.max) * height),
  ];
}

function frame(
  title: string,
  x: Axis,
  y: Axis,
  drawn: readonly string[],
): string {
  const at = place(x, y);
  const [left, bottom] = at(0, 0);
  const right = WIDTH - RIGHT;
  const across = ticksOf(y.max).map((value) => {
    const [, top] = at(0, value);
    return `<path class="grid" d="M${left} ${top}H${right}"/><text x="${left - 4}" y="${top + 4}" text-anchor="end">${formatTick(value)}</text>`;
  });
  const along = ticksOf(x.max).map((value) => {
    const [middle] = at(value, 0);
    return `<text x="${middle}" y="${bottom + 14}" text-anchor="middle">${formatTick(value)}</text>`;
  });
  return [
    `<figure><figcaption>${escapeText(title)}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(title)}">`,
    ...across,
    ...along,
    `<path class="axis" d="M${left} ${TOP}V${bottom}H${right}"/>`,
    `<text x="${left}" y="10">${escapeText(y.label)}</text>`,
    `<text x="${right}" y="${HEIGHT - 6}" text-anchor="end">${escapeText(x.label)}</text>`,
    ...drawn,
    "</svg></figure>",
  ].join("\n");
}

/** Some five round values from 0 on. */
export function ticksOf(max: number): number[] {
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const count = Math.floor(max / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** Without what floating point adds. */
function formatTick(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** For HTML's text and attributes. */
export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
