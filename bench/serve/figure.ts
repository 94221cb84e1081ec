import type { Gateway, Lab } from "./lab.ts";

/** How much is measured. */
export interface Size {
  /** Of each side, in turns. */
  rounds: number;
  /** Of one round. */
  seconds: number;
  /** Of what is long. */
  calls: number;
  /** What `plan --prices` takes; undefined: none was given. */
  prices: string | undefined;
}

/** Gateways that several figures ask, each with one instance that stays up. */
export interface Sides {
  bash: Gateway;
  ours: Gateway;
  /** As ours, but for the concurrency: what one instance could take. */
  open: Gateway;
}

export interface Row {
  what: string;
  bash: string;
  ours: string;
  /** Ours to the bash flow's. */
  ratio: number | undefined;
  goal: string;
  /** Undefined where there is no goal. */
  met: boolean | undefined;
}

export interface Series {
  name: string;
  /** x and y. */
  points: [number, number][];
}

export interface Plot {
  /** Of the file, without `.svg`. */
  name: string;
  title: string;
  x: string;
  y: string;
  series: Series[];
}

/** What came of a figure: all that its part of the page is made from. */
export interface Findings {
  rows: Row[];
  /** Tables besides that of goal and result; the first row is the head. */
  tables: string[][][];
  notes: string[];
  plots: Plot[];
}

export interface Figure {
  name: string;
  title: string;
  /** What is measured, and how. */
  method: string;
  measure(lab: Lab, sides: () => Promise<Sides>, size: Size): Promise<Findings>;
}

/** `× 8.3`, from ours and the bash flow's. */
export function compare(
  what: string,
  bash: number,
  ours: number,
  unit: string,
  goal: { least: number } | { most: number } | undefined,
): Row {
  const ratio = ours / bash;
  const row = {
    what,
    bash: `${format(bash)} ${unit}`,
    ours: `${format(ours)} ${unit}`,
    ratio,
  };
  if (goal === undefined) return { ...row, goal: "reported", met: undefined };
  return "least" in goal
    ? { ...row, goal: `≥ ${goal.least} ×`, met: ratio >= goal.least }
    : { ...row, goal: `≤ ${goal.most} ×`, met: ratio <= goal.most };
}

/** Three significant digits. */
export function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? NaN;
  const high = sorted[Math.ceil(middle)] ?? NaN;
  return (low + high) / 2;
}
