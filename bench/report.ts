import type { Phase } from "./bash-flow.ts";
import type { Sample, Side } from "./contest.ts";

export type Round = Record<Side, Record<Phase, Sample>>;

interface Comparison {
  name: string;
  phase: Phase;
  /** Default: seconds. */
  read?: (sample: Sample) => number;
  unit?: "s" | "";
  /** The most that ours may come to, as a share of the bash flow's. */
  mostRatio?: number;
  /** The most that ours may come to. */
  most?: number;
}

export interface Row {
  name: string;
  unit: "s" | "";
  /** Medians; undefined where there is no counterpart. */
  bash: number | undefined;
  ours: number;
  /** Median of the rounds' own ratios, ours to bash. */
  ratio: number | undefined;
  goal: string;
  met: boolean | undefined;
}

/** What the bash flow has no counterpart for: there, checking is a `curl` by hand. */
function withoutVerification({ seconds, marks }: Sample): number {
  const { verify, verified } = marks;
  return verify === undefined || verified === undefined
    ? seconds
    : seconds - (verified - verify);
}

const processes = (sample: Sample): number => sample.processes;
const writes = (sample: Sample): number => sample.writes;

const COMPARISONS: readonly Comparison[] = [
  {
    name: "First deploy",
    phase: "first",
    read: withoutVerification,
    mostRatio: 1,
  },
  { name: "  and its verification", phase: "first" },
  { name: "  gcloud processes", phase: "first", read: processes, unit: "" },
  { name: "Run again, nothing to do", phase: "again", mostRatio: 0.2 },
  {
    name: "  gcloud processes",
    phase: "again",
    unit: "",
    read: processes,
    most: 2,
  },
  {
    name: "  writes",
    phase: "again",
    unit: "",
    read: writes,
    most: 0,
  },
  { name: "Changed config", phase: "change", read: withoutVerification },
  { name: "  and its verification", phase: "change" },
  { name: "  gcloud processes", phase: "change", read: processes, unit: "" },
  { name: "Clean-up", phase: "clean" },
  { name: "  gcloud processes", phase: "clean", read: processes, unit: "" },
];

/** What the rounds came to. */
export function summarize(rounds: readonly Round[]): Row[] {
  return COMPARISONS.map((comparison) => compare(rounds, comparison));
}

function compare(rounds: readonly Round[], comparison: Comparison): Row {
  const { name, phase, unit = "s", mostRatio, most } = comparison;
  const read = comparison.read ?? ((sample) => sample.seconds);
  const ours = median(rounds.map((round) => read(round.ours[phase])));
  const ratio = median(
    rounds.map(({ bash, ours }) => read(ours[phase]) / read(bash[phase])),
  );
  return {
    name,
    unit,
    bash: median(rounds.map((round) => read(round.bash[phase]))),
    ours,
    ratio,
    goal:
      mostRatio !== undefined
        ? `ratio <= ${mostRatio.toFixed(2)}`
        : most !== undefined
          ? `<= ${String(most)}`
          : "",
    met:
      mostRatio !== undefined
        ? ratio <= mostRatio
        : most !== undefined
          ? ours <= most
          : undefined,
  };
}

/** Seconds of what the bash flow has no counterpart for. */
export function summarizeAlone(
  name: string,
  seconds: readonly number[],
  most?: number,
): Row {
  const ours = median(seconds);
  return {
    name,
    unit: "s",
    ours,
    bash: undefined,
    ratio: undefined,
    goal: most === undefined ? "" : `< ${String(most)} s`,
    met: most === undefined ? undefined : ours < most,
  };
}

/** A table of at most 80 columns. */
export function formatTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const width = WIDTHS[index] ?? 0;
        return index === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(" ")
      .trimEnd();
  const table = rows.map((row) => [
    row.name,
    show(row.bash, row.unit),
    show(row.ours, row.unit),
    row.ratio === undefined ? "" : row.ratio.toFixed(2),
    row.goal,
    row.met === undefined ? "" : row.met ? "met" : "MISSED",
  ]);
  return [line(["", "bash flow", "ours", "ratio", "goal"]), ...table.map(line)]
    .join("\n")
    .concat("\n");
}

const WIDTHS = [30, 10, 9, 6, 14, 7];

function show(value: number | undefined, unit: Row["unit"]): string {
  if (value === undefined) return "";
  return unit === "s" ? `${value.toFixed(2)} s` : String(value);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor((sorted.length - 1) / 2);
  const low = sorted[middle] ?? NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN;
  return (low + high) / 2;
}
