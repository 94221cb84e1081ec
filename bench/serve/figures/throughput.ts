import { percent } from "../../../scripts/lib/load/report.ts";
import { type Run, chat, run } from "../client.ts";
import {
  type Figure,
  type Findings,
  compare,
  format,
  median,
} from "../figure.ts";
import type { Gateway } from "../lab.ts";
import { withPassThrough } from "../pass-through.ts";
import { cpuOf } from "../usage.ts";

/** Milliseconds. */
const P99 = 1600;
const LEVELS = [4, 8, 16, 24, 32, 40, 50, 60, 80];

export const throughput: Figure = {
  name: "throughput",
  title: "Requests a second, an instance",
  method:
    "Gemini answers after 1 s. As many clients as CONCURRENCY lets to an instance, each asking again as soon as it is answered. The plot and the second table: one instance without a limit, and a bare pass-through (uvicorn and httpx, no LiteLLM) with the same Python.",
  async measure(lab, sides, { rounds, seconds }) {
    const { bash, ours, open } = await sides();
    lab.answerAfter(1000);
    const measured = { bash: [] as Sample[], ours: [] as Sample[] };
    for (let round = 0; round <= rounds; round += 1) {
      const both = {
        bash: await ask(bash, bash.setup.concurrency, seconds),
        ours: await ask(ours, ours.setup.concurrency, seconds),
      };
      // The first one fills caches and pools of connections.
      if (round === 0) continue;
      measured.bash.push(both.bash);
      measured.ours.push(both.ours);
    }
    await ask(open, ours.setup.concurrency, seconds);
    const levels: Sample[] = [];
    for (const clients of LEVELS) {
      levels.push(await ask(open, clients, seconds));
    }
    const bare = await withPassThrough(lab, async (passing) => {
      const samples: Sample[] = [];
      // The first one, of as many, makes the connections.
      await run(chat(passing), { concurrency: 160, seconds });
      for (const clients of [40, 80, 160]) {
        const bounds = { concurrency: clients, seconds };
        const done = await run(chat(passing), bounds);
        samples.push(toSample(clients, done, undefined));
      }
      return samples;
    });
    return describe(measured, levels, bare);
  },
};

interface Sample {
  clients: number;
  rate: number;
  p50: number;
  p99: number;
  failed: number;
  /** Milliseconds of CPU a request; NaN where it is not known. */
  cpu: number;
  /** Share of the time in which the client was. */
  busy: number;
}

async function ask(
  gateway: Gateway,
  clients: number,
  seconds: number,
): Promise<Sample> {
  const before = cpuOf(gateway);
  const done = await run(chat(gateway), { concurrency: clients, seconds });
  const used = (cpuOf(gateway) - before) * 1000;
  return toSample(clients, done, used / done.summary.calls);
}

function toSample(
  clients: number,
  { summary, busy }: Run,
  cpu: number | undefined,
): Sample {
  const { throughput: rate, latency, failed } = summary;
  const { p50 = NaN, p99 = NaN } = latency ?? {};
  return { clients, rate, p50, p99, failed, busy, cpu: cpu ?? NaN };
}

function describe(
  { bash, ours }: Record<"bash" | "ours", Sample[]>,
  levels: readonly Sample[],
  bare: readonly Sample[],
): Findings {
  const of = (samples: readonly Sample[], member: keyof Sample) =>
    median(samples.map((sample) => sample[member]));
  const failed = [...bash, ...ours].reduce((sum, one) => sum + one.failed, 0);
  const p99 = of(ours, "p99");
  const rate = compare(
    `requests/s at CONCURRENCY (${of(bash, "clients")} and ${of(ours, "clients")})`,
    of(bash, "rate"),
    of(ours, "rate"),
    "/s",
    { least: 10 },
  );
  const within = levels.filter((one) => one.p99 <= P99 && one.failed === 0);
  const best = within.toSorted((a, b) => b.rate - a.rate)[0];
  const table = (name: string) => (one: Sample) => [
    name,
    String(one.clients),
    format(one.rate),
    `${format(one.p50)} ms`,
    `${format(one.p99)} ms`,
    Number.isNaN(one.cpu) ? "" : `${format(one.cpu)} ms`,
    percent(one.busy),
    String(one.failed),
  ];
  return {
    rows: [
      rate,
      {
        what: "p99 of them",
        bash: `${format(of(bash, "p99"))} ms`,
        ours: `${format(p99)} ms`,
        ratio: undefined,
        goal: `≤ ${P99} ms`,
        met: p99 <= P99,
      },
      {
        what: "failed",
        bash: "",
        ours: String(failed),
        ratio: undefined,
        goal: "0",
        met: failed === 0,
      },
      compare(
        "CPU a request",
        of(bash, "cpu"),
        of(ours, "cpu"),
        "ms",
        undefined,
      ),
    ],
    tables: [
      [
        [
          "",
          "clients",
          "requests/s",
          "p50",
          "p99",
          "CPU a request",
          "client busy",
          "failed",
        ],
        ...levels.map(table("LiteLLM")),
        ...bare.map(table("bare pass-through")),
      ],
    ],
    notes: [
      best === undefined
        ? `One instance kept p99 within ${P99} ms at no number of clients.`
        : `The most that one instance answered with p99 within ${P99} ms: ${format(best.rate)} requests/s, at ${best.clients} clients.`,
      `The floor: at ${format(of(ours, "cpu"))} ms of CPU a request one core cannot answer more than ${format(1000 / of(ours, "cpu"))} requests/s, whatever the concurrency.`,
    ],
    plots: [
      {
        name: "throughput",
        title: "p99 against rate, as clients are added",
        x: "requests/s",
        y: "p99, ms",
        series: [
          { name: "LiteLLM", points: levels.map((one) => [one.rate, one.p99]) },
          {
            name: "bare pass-through",
            points: bare.map((one) => [one.rate, one.p99]),
          },
        ],
      },
    ],
  };
}
