import type { Phase } from "./bash-flow.ts";
import type { Sample, Side } from "./contest.ts";

export interface Round extends Record<Side, Record<Phase, Sample>> {
  /** Ours alone: `--dry-run` of a changed config. */
  preview: Sample;
  /** One gcloud that asks Google nothing: whoever needs its login waits for that. */
  login: Sample;
}

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
  /** What ours is held against; undefined: nothing. Both are medians. */
  beside: number | undefined;
  ours: number;
  /** Median of the rounds' own ratios. */
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
  },
  { name: "  and its verification", phase: "first", mostRatio: 1 },
  { name: "  gcloud processes", phase: "first", read: processes, unit: "" },
  { name: "Run again, nothing to do", phase: "again", mostRatio: 0.12 },
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
  { name: "Changed config", phase: "change", mostRatio: 1.5 },
  {
    name: "  without its verification",
    phase: "change",
    read: withoutVerification,
  },
  { name: "  gcloud processes", phase: "change", read: processes, unit: "" },
  { name: "Clean-up", phase: "clean", mostRatio: 0.7 },
  { name: "  gcloud processes", phase: "clean", read: processes, unit: "" },
];

/** What the rounds came to. */
export function summarize(rounds: readonly Round[]): Row[] {
  const compared = COMPARISONS.map((comparison) =>
    compare(
      comparison,
      rounds.map(({ bash, ours }) => ({
        beside: bash[comparison.phase],
        ours: ours[comparison.phase],
      })),
    ),
  );
  const besideAgain = (alone: "preview" | "login") =>
    rounds.map(({ bash, [alone]: ours }) => ({ beside: bash.again, ours }));
  const dryRun = { name: "Dry run, beside running it", mostRatio: 0.15 };
  const floor = { name: "  the floor: gcloud's login alone" };
  return [
    ...compared,
    compare(dryRun, besideAgain("preview")),
    compare(floor, besideAgain("login")),
  ];
}

function compare(
  comparison: Omit<Comparison, "phase">,
  pairs: readonly { beside: Sample; ours: Sample }[],
): Row {
  const { name, unit = "s", mostRatio, most } = comparison;
  const read = comparison.read ?? ((sample) => sample.seconds);
  const row = summarizeBeside(
    name,
    pairs.map(({ beside }) => read(beside)),
    pairs.map(({ ours }) => read(ours)),
    mostRatio,
  );
  return most === undefined
    ? { ...row, unit }
    : { ...row, unit, goal: `<= ${String(most)}`, met: row.ours <= most };
}

/** The figures of two sides, round by round. */
export function summarizeBeside(
  name: string,
  beside: readonly number[],
  ours: readonly number[],
  mostRatio?: number,
): Row {
  const ratio = median(ours.map((own, round) => own / (beside[round] ?? NaN)));
  return {
    name,
    unit: "s",
    beside: median(beside),
    ours: median(ours),
    ratio,
    goal: mostRatio === undefined ? "" : `ratio <= ${mostRatio.toFixed(2)}`,
    met: mostRatio === undefined ? undefined : ratio <= mostRatio,
  };
}

/** Seconds of what has no counterpart. */
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
    beside: undefined,
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
    show(row.beside, row.unit),
    show(row.ours, row.unit),
    row.ratio === undefined ? "" : row.ratio.toFixed(2),
    row.goal,
    row.met === undefined ? "" : row.met ? "met" : "MISSED",
  ]);
  return [line(["", "beside", "ours", "ratio", "goal"]), ...table.map(line)]
    .join("\n")
    .concat("\n");
}

const WIDTHS = [36, 8, 8, 6, 13, 7];

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
