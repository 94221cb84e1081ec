import { chat, run } from "../client.ts";
import { type Figure, format } from "../figure.ts";
import { ours } from "../setup.ts";
import { memoryOf } from "../usage.ts";

const PARTS = 10;

/** Seconds: a slow machine answers what it can by then. */
const LONGEST = 600;

/** MiB in a thousand requests; less is noise of the allocator. */
const FLAT = 1;

export const memory: Figure = {
  name: "memory",
  title: "Memory",
  method:
    "A new instance with our settings answers so many requests at its CONCURRENCY, for ten minutes at most, of a Gemini that answers after 0.1 s; its resident memory after each tenth. The slope is that of the second half (least squares).",
  async measure(lab, _, { calls }) {
    const gateway = await lab.open(ours(), { instances: 1 });
    try {
      await gateway.ready();
      lab.answerAfter(100);
      const { concurrency, memory: limit } = gateway.setup;
      const points: [number, number][] = [[0, memoryOf(gateway)]];
      const bounds = {
        concurrency,
        seconds: LONGEST / PARTS,
        calls: calls / PARTS,
      };
      let failed = 0;
      let answered = 0;
      for (let part = 1; part <= PARTS; part += 1) {
        const { summary } = await run(chat(gateway), bounds);
        failed += summary.failed;
        answered += summary.answered;
        points.push([answered, memoryOf(gateway)]);
      }
      const slope = slopeOf(points.slice(PARTS / 2)) * 1000;
      const [, last] = points.at(-1) ?? [0, NaN];
      const most = (limit * 1024 * 2) / 3;
      return {
        rows: [
          {
            what: `after ${answered} requests (wanted: ${calls})`,
            bash: "512 MiB (limit)",
            ours: `${format(last)} MiB of ${limit * 1024}`,
            ratio: undefined,
            goal: `≤ ${format(most)} MiB`,
            met: answered < calls ? undefined : last <= most,
          },
          {
            what: "slope, a thousand requests",
            bash: "",
            ours: `${format(slope)} MiB`,
            ratio: undefined,
            goal: `≤ ${FLAT} MiB`,
            met: answered < calls ? undefined : slope <= FLAT,
          },
        ],
        tables: [],
        notes: failed === 0 ? [] : [`${failed} requests failed.`],
        plots: [
          {
            name: "memory",
            title: "Resident memory, as requests are answered",
            x: "requests",
            y: "MiB",
            series: [{ name: "ours", points }],
          },
        ],
      };
    } finally {
      await gateway.close();
    }
  },
};

/** Least squares. */
export function slopeOf(
  points: readonly (readonly [number, number])[],
): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(([one]) => one));
  const y = mean(points.map(([, one]) => one));
  const over = points.map(([a, b]) => (a - x) * (b - y));
  const under = points.map(([a]) => (a - x) ** 2);
  return mean(over) / mean(under);
}
