import { escapeText, ticksOf } from "../../scripts/lib/load/plot.ts";
import type { Plot } from "./figure.ts";

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 64;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 44;

/** Apart for whoever sees few colours: the second line is dashed too. */
const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #57606a; }
.title { font-size: 14px; font-weight: 600; fill: #1f2328; }
.back { fill: #ffffff; }
.grid { stroke: #d8dee4; }
.axis { stroke: #57606a; fill: none; }
.line { fill: none; stroke-width: 2; }
.s0 { stroke: #1f6feb; } .s1 { stroke: #bc4c00; stroke-dasharray: 6 4; }
circle.s0 { fill: #1f6feb; } circle.s1 { fill: #bc4c00; }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1; } .title { fill: #e6edf3; } .back { fill: #0d1117; }
  .grid { stroke: #30363d; } .axis { stroke: #9198a1; }
}`;

/** Lines from 0 on, of a file of its own. */
export function drawPlot({ title, x, y, ...plot }: Plot): string {
  const series = plot.series.map((one) => ({
    ...one,
    points: one.points.filter((point) => point.every(Number.isFinite)),
  }));
  const points = series.flatMap((one) => one.points);
  const most = {
    x: Math.max(...points.map(([value]) => value)) || 1,
    y: Math.max(...points.map(([, value]) => value)) * 1.05 || 1,
  };
  const at = (a: number, b: number): [number, number] => [
    round(LEFT + (a / most.x) * (WIDTH - LEFT - RIGHT)),
    round(HEIGHT - BOTTOM - (b / most.y) * (HEIGHT - TOP - BOTTOM)),
  ];
  const [, bottom] = at(0, 0);
  const across = ticksOf(most.y).map((value) => {
    const [, top] = at(0, value);
    return `<path class="grid" d="M${LEFT} ${top}H${WIDTH - RIGHT}"/><text x="${LEFT - 6}" y="${top + 4}" text-anchor="end">${value}</text>`;
  });
  const along = ticksOf(most.x).map((value) => {
    const [left] = at(value, 0);
    return `<text x="${left}" y="${bottom + 16}" text-anchor="middle">${value}</text>`;
  });
  const lines = series.flatMap((one, index) => {
    const places = one.points.map(([a, b]) => at(a, b));
    return [
      `<path class="line s${index}" d="M${places.map((place) => place.join(" ")).join("L")}"/>`,
      ...places.map(
        ([left, top]) =>
          `<circle class="s${index}" cx="${left}" cy="${top}" r="3"/>`,
      ),
    ];
  });
  const legend = series.map((one, index) => {
    const left = WIDTH - RIGHT - 150 * (series.length - index);
    return `<path class="line s${index}" d="M${left} ${TOP - 12}h24"/><text x="${left + 30}" y="${TOP - 8}">${escapeText(one.name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escapeText(title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="back" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="${LEFT}" y="18">${escapeText(title)}</text>`,
    ...across,
    ...along,
    `<path class="axis" d="M${LEFT} ${TOP}V${bottom}H${WIDTH - RIGHT}"/>`,
    `<text x="${LEFT}" y="${TOP - 8}">${escapeText(y)}</text>`,
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end">${escapeText(x)}</text>`,
    ...lines,
    ...legend,
    "</svg>",
    "",
  ].join("\n");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
