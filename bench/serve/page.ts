import { format as prettify } from "prettier";
import { type Circumstances, describeCircumstances } from "./circumstances.ts";
import { type Figure, type Findings, format } from "./figure.ts";

/** What was measured, by the name of its figure; docs/performance.json holds it. */
export type Results = Record<string, Findings & { measured: Circumstances }>;

/** docs/performance.md, whole. */
export async function renderPage(
  figures: readonly Figure[],
  results: Results,
): Promise<string> {
  const parts = figures.flatMap((figure) => {
    const result = results[figure.name];
    return result === undefined ? [] : [renderFigure(figure, result)];
  });
  const measured = Object.values(results)[0]?.measured;
  const text = `# Serving, measured

Made by \`npm run bench:serve\` from [performance.json](performance.json); not edited by hand. \`npm run bench:serve -- --help\` says how to repeat it, \`-- NAME\` measures one figure anew.

The real LiteLLM on the emulated Cloud Run, in front of the emulated Gemini: the bash flow's settings (1 CPU, 512Mi, concurrency 4, at most 8 instances) beside [ours](settings.md), with the same LiteLLM config and the same Python environment. One instance is held to one core; the client, Google's front end and Gemini have the other. Figures are medians of rounds in turns. Nothing here was measured on Google, whose cores are others: what carries over are ratios, of a quiet machine.

Machine: ${measured?.machine ?? "none"}.

${parts.join("\n\n")}
`;
  return prettify(text, { parser: "markdown" });
}

/** docs/performance.json, as the project's other files are formatted. */
export function renderResults(results: Results): Promise<string> {
  return prettify(JSON.stringify(results), { parser: "json" });
}

function renderFigure(
  { title, method }: Figure,
  { rows, tables, notes, plots, measured }: Results[string],
): string {
  const head = ["", "bash flow", "ours", "ratio", "goal", "result"];
  const goals = rows.map(({ what, bash, ours, ratio, goal, met }) => [
    what,
    bash,
    ours,
    ratio === undefined ? "" : `${format(ratio)} ×`,
    goal,
    met === undefined ? "" : met ? "met" : "missed",
  ]);
  return [
    `## ${title}`,
    method,
    ...(rows.length > 0 ? [renderTable([head, ...goals])] : []),
    ...tables.map(renderTable),
    ...notes,
    ...plots.map((plot) => `![${plot.title}](${plotFile(plot.name)})`),
    describeCircumstances(measured),
  ].join("\n\n");
}

/** Beside the page. */
export function plotFile(name: string): string {
  return `performance-${name}.svg`;
}

/** The first row is the head. */
export function renderTable([head = [], ...rows]: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join(
    "\n",
  );
}
