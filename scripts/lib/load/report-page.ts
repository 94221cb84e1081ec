import { describeInstances } from "./instances.ts";
import { describeProposal } from "./propose.ts";
import type { Outcome } from "./run.ts";
import { escapeText } from "./plot.ts";
import { plotCalls, plotDistribution, plotThroughput } from "./plots.ts";
import {
  describeCalls,
  describeRun,
  describeThroughput,
  formatMilliseconds,
  listNotes,
  nameFailure,
  tabulate,
} from "./report.ts";
import { PAGE_STYLE } from "./report-style.ts";
import { type Slice, cutIntoSlices } from "./slices.ts";

/** A page of its own: it asks nobody for anything, and the policy in it would let it ask nobody. */
export function formatPage({
  measurement,
  calls,
  instances,
  proposal,
}: Outcome): string {
  const { env, project, region, service, revision, began, summary } =
    measurement;
  const title = `Load of ${service}, env ${env}`;
  const slices = cutIntoSlices(calls);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeText(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
${paragraph(`${revision} in ${project}, ${region}; ${began}`)}
${paragraph(describeRun(measurement))}
${paragraph(`${describeCalls(measurement)}; ${describeThroughput(measurement)}.`)}
${paragraph(describeInstances(instances))}
${listNotes(measurement).map(paragraph).join("\n")}
${section("Latency", [
  summary.latency === null ? "" : plotDistribution(calls, summary.latency),
  formatRows(tabulate(measurement)),
])}
${section("Over time", [
  calls.length === 0 ? "" : plotCalls(calls),
  calls.length === 0 ? "" : plotThroughput(slices),
  formatRows(tabulateSlices(slices)),
])}
${
  summary.failures.length === 0
    ? ""
    : section("Failures", [
        formatRows([
          ["calls", "what", "in whose words"],
          ...summary.failures.map((group) => [
            String(group.count),
            nameFailure(group),
            group.words,
          ]),
        ]),
      ])
}
<h2>Sizes</h2>
${describeProposal(proposal).map(paragraph).join("\n")}
</main>
</body>
</html>
`;
}

function tabulateSlices(slices: readonly Slice[]): string[][] {
  const show = (value: number | null): string =>
    value === null ? "-" : formatMilliseconds(value);
  return [
    ["seconds", "answered", "failed", "p50", "p95"],
    ...slices.map(({ from, to, answered, failed, p50, p95 }) => [
      `${from}–${to}`,
      String(answered),
      String(failed),
      show(p50),
      show(p95),
    ]),
  ];
}

function section(title: string, parts: readonly string[]): string {
  const figures = parts
    .filter((part) => part !== "")
    .map((part) => `<div>${part}</div>`);
  return `<h2>${title}</h2>\n<section>\n${figures.join("\n")}\n</section>`;
}

function paragraph(text: string): string {
  return `<p>${escapeText(text)}</p>`;
}

/** The first row is the head. */
function formatRows([head = [], ...rows]: readonly (readonly string[])[]) {
  return `<table>
<thead>${formatRow(head, "th")}</thead>
<tbody>
${rows.map((cells) => formatRow(cells, "td")).join("\n")}
</tbody>
</table>`;
}

/** Figures and names stay in one line, sentences do not. */
const LONGEST_NAME = 30;

function formatRow(cells: readonly string[], tag: "th" | "td"): string {
  const formatted = cells.map((cell) => {
    const words = cell.length > LONGEST_NAME ? ' class="words"' : "";
    return `<${tag}${words}>${escapeText(cell)}</${tag}>`;
  });
  return `<tr>${formatted.join("")}</tr>`;
}
