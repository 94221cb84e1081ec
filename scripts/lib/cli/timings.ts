/** What a run spends its time on, besides its own work. */
const KINDS = {
  gcloud: ["process", "processes"],
  reads: ["call to Google's APIs", "calls to Google's APIs"],
  verification: ["check", "checks"],
  waits: ["pause before another try", "pauses before another try"],
} as const;

type Kind = keyof typeof KINDS;

/** Milliseconds since the process began. */
interface Span {
  kind: Kind;
  from: number;
  to: number;
}

const spans: Span[] = [];

/** Does the work, and counts its time. */
export async function timed<T>(kind: Kind, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  try {
    return await work();
  } finally {
    spans.push({ kind, from, to: performance.now() });
  }
}

/** Of this run so far; `began`: when its story did, in milliseconds since the process began. */
export function formatTimings(began: number): string {
  return format(spans, began, performance.now());
}

/** What went on at once counts once a kind, and once in all. */
export function format(
  all: readonly Span[],
  began: number,
  now: number,
): string {
  const rows: [string, number, string][] = [
    ["start", began, "Node and this project's code"],
    ...Object.entries(KINDS).map(
      ([kind, [one, more]]): [string, number, string] => {
        const own = all.filter((span) => span.kind === kind);
        return [
          kind,
          cover(own),
          `${own.length} ${own.length === 1 ? one : more}`,
        ];
      },
    ),
    ["own work", now - began - cover(all), ""],
  ];
  return [
    `${seconds(now)} in all; what goes on at once counts for each:`,
    ...rows.map(([name, time, what]) =>
      `  ${name.padEnd(12)}${seconds(time).padStart(9)}  ${what}`.trimEnd(),
    ),
  ].join("\n");
}

/** How long at least one of them went on. */
function cover(all: readonly Span[]): number {
  let sum = 0;
  let end = 0;
  for (const { from, to } of all.toSorted((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
