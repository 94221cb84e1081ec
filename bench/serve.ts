import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureLitellm } from "../emulator/machine/litellm/environment.ts";
import { InputError } from "../scripts/lib/cli/errors.ts";
import { readPrices } from "../scripts/lib/service/changes/prices.ts";
import { readCircumstances } from "./serve/circumstances.ts";
import type { Figure, Size } from "./serve/figure.ts";
import { cost } from "./serve/figures/cost.ts";
import { memory } from "./serve/figures/memory.ts";
import { overhead } from "./serve/figures/overhead.ts";
import { overload } from "./serve/figures/overload.ts";
import { scaleOut } from "./serve/figures/scale-out.ts";
import { start } from "./serve/figures/start.ts";
import { streams } from "./serve/figures/streams.ts";
import { throughput } from "./serve/figures/throughput.ts";
import { tried } from "./serve/figures/tried.ts";
import { openLab } from "./serve/lab.ts";
import {
  type Results,
  plotFile,
  renderPage,
  renderResults,
} from "./serve/page.ts";
import { openSides } from "./serve/sides.ts";
import { drawPlot } from "./serve/svg.ts";

const FIGURES: readonly Figure[] = [
  throughput,
  start,
  cost,
  streams,
  overhead,
  overload,
  tried,
  scaleOut,
  memory,
];

const DOCS = path.resolve(import.meta.dirname, "../docs");
const RESULTS = path.join(DOCS, "performance.json");

const HELP = `Usage: npm run bench:serve [-- FIGURE… options]

Measures how the real LiteLLM serves on the emulated Cloud Run, with the bash
flow's settings and with ours, and writes docs/performance.md with its plots.
Needs Linux with taskset, and two cores that nobody else uses: some 20 minutes.

Figures: ${FIGURES.map(({ name }) => name).join(", ")}. Default: all.

  --quick        A minute a figure; prints the page, writes nothing.
  --page         Measure nothing: write the page from docs/performance.json.
  --prices=FILE  A price list, as plan takes it (docs/commands.md), for cost.
  -h, --help     Print this help.
`;

const QUICK: Omit<Size, "prices"> = { rounds: 1, seconds: 3, calls: 500 };
const FULL: Omit<Size, "prices"> = { rounds: 5, seconds: 5, calls: 10_000 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    page: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    prices: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else if (values.page) await write(readResults());
else await measure();

async function measure(): Promise<void> {
  const chosen = chooseFigures();
  if (values.prices !== undefined) readPrices(values.prices);
  const size = { ...(values.quick ? QUICK : FULL), prices: values.prices };
  const before = readCircumstances(process.argv.slice(2));
  await ensureLitellm(say);
  const results: Results = values.quick ? {} : readResults();
  const lab = await openLab();
  const sides = openSides(lab);
  try {
    for (const figure of chosen) {
      say(`${figure.title} …`);
      const began = new Date().toISOString();
      const findings = await figure.measure(lab, sides.open, size);
      results[figure.name] = { ...findings, measured: { ...before, began } };
      if (!values.quick) await write(results);
    }
  } finally {
    await sides.close();
    await lab.close();
  }
  process.stdout.write(await renderPage(FIGURES, results));
}

/** Throws InputError for a name that none has. */
function chooseFigures(): readonly Figure[] {
  const known = FIGURES.map(({ name }) => name);
  const wrong = positionals.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw new InputError(`no figure "${wrong}"`, {
      hint: `There are: ${known.join(", ")}`,
    });
  }
  return positionals.length === 0
    ? FIGURES
    : FIGURES.filter(({ name }) => positionals.includes(name));
}

function readResults(): Results {
  if (!existsSync(RESULTS)) return {};
  return JSON.parse(readFileSync(RESULTS, "utf8")) as Results;
}

/** After each figure, so that a run that is ended early leaves what it has. */
async function write(results: Results): Promise<void> {
  writeFileSync(RESULTS, await renderResults(results));
  const plots = Object.values(results).flatMap((result) => result.plots);
  for (const plot of plots) {
    writeFileSync(path.join(DOCS, plotFile(plot.name)), drawPlot(plot));
  }
  const page = path.join(DOCS, "performance.md");
  writeFileSync(page, await renderPage(FIGURES, results));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
