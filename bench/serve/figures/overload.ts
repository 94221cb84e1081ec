import { setTimeout as delay } from "node:timers/promises";
import type { Call } from "../../../scripts/lib/load/call.ts";
import { latencyOf } from "../../../scripts/lib/load/statistics.ts";
import { chat, run } from "../client.ts";
import { type Figure, type Row, format, median } from "../figure.ts";
import type { Lab } from "../lab.ts";
import { type Setup, ours, vary } from "../setup.ts";

const TIMES = 3;
/** Seconds after the overload in which the latency is looked at. */
const AFTER = 15;
/** Seconds. */
const RECOVERED = 5;
/** Of a normal p50. */
const NORMAL = 1.25;

export const overload: Figure = {
  name: "overload",
  title: "Overload",
  method: `One instance, which may not become more. Calls come at ${TIMES} times the rate that it answered before; then four clients ask on, and the median of each second is held against that of before. "LiteLLM sheds": CONCURRENCY above LiteLLM's own limits, so that it refuses and Cloud Run does not queue.`,
  async measure(lab, _, { calls }) {
    const seconds = calls < 10_000 ? 5 : 30;
    const own = ours();
    const shedding = vary(own, "LiteLLM sheds", {
      concurrency: 1000,
      config: own.config.replace(
        /(max_(?:in_flight|queued)_requests_per_worker:) \d+/g,
        `$1 ${own.concurrency}`,
      ),
    });
    const usual = await overloadOnce(lab, own, seconds);
    const other = await overloadOnce(lab, shedding, seconds);
    const all = { ours: usual, "LiteLLM sheds": other };
    return {
      rows: toRows(usual),
      tables: [
        [
          ["", "answered", "shed", "with retry-after", "p50", "back after"],
          ...Object.entries(all).map(([name, one]) => [
            name,
            String(one.answered),
            describeShed(one),
            String(one.retryAfter),
            `${format(one.p50)} ms`,
            describeBack(one),
          ]),
        ],
      ],
      notes: [
        "A request waits in Cloud Run for room, then it gets 429. Google documents the wait (3.5 times the average start, 10 s at least; here 10 s) and the status; no page of Google's that was read says whether a retry-after comes with it, and the emulated one sends none. OpenAI's SDKs try 429 and 503 again by themselves.",
      ],
      plots: [
        {
          name: "overload",
          title: "Median latency after the overload",
          x: "seconds after it",
          y: "ms",
          series: Object.entries(all).map(([name, { after }]) => ({
            name,
            points: after,
          })),
        },
      ],
    };
  },
};

interface Outcome {
  answered: number;
  /** Refused, by status. */
  shed: Record<string, number>;
  retryAfter: number;
  crashes: number;
  /** Milliseconds, before the overload and of what was answered in it. */
  normal: number;
  p50: number;
  /** Of each second after it. */
  after: [number, number][];
  /** Seconds; undefined: not while it was looked at. */
  back: number | undefined;
}

async function overloadOnce(
  lab: Lab,
  setup: Setup,
  seconds: number,
): Promise<Outcome> {
  const gateway = await lab.open(setup, { instances: 1 });
  try {
    await gateway.ready();
    lab.answerAfter(1000);
    const { concurrency } = ours();
    await run(chat(gateway), { concurrency, seconds: 3 });
    const before = await run(chat(gateway), { concurrency, seconds: 5 });
    let retryAfter = 0;
    const onAnswer = ({ status, headers }: Response): void => {
      const refused = status === 429 || status === 503;
      if (refused && headers.has("retry-after")) retryAfter += 1;
    };
    const rate = Math.ceil(before.summary.throughput * TIMES);
    const bounds = { concurrency: 3000, seconds, rate };
    const flood = run(chat(gateway, { onAnswer }), bounds);
    await delay(seconds * 1000);
    const rest = await run(chat(gateway), { concurrency: 4, seconds: AFTER });
    const { summary } = await flood;
    const normal = before.summary.latency?.p50 ?? NaN;
    const after = medians(rest.calls);
    const late = after.findLastIndex(([, p50]) => p50 > NORMAL * normal);
    return {
      answered: summary.answered,
      shed: Object.fromEntries(
        summary.failures.map((group) => [
          String(group.status ?? group.kind),
          group.count,
        ]),
      ),
      retryAfter,
      crashes: gateway.crashes.length,
      normal,
      p50: summary.latency?.p50 ?? NaN,
      after,
      back: late + 1 < after.length ? after[late + 1]?.[0] : undefined,
    };
  } finally {
    await gateway.close();
  }
}

/** By the second in which the calls were due; a second without calls is left out. */
function medians(calls: readonly Call[]): [number, number][] {
  const bySecond = Map.groupBy(calls, ({ due }) => Math.floor(due / 1000));
  return [...bySecond]
    .map(([second, some]): [number, number] => [
      second,
      median(some.map(latencyOf)),
    ])
    .toSorted(([a], [b]) => a - b);
}

function toRows(outcome: Outcome): Row[] {
  const { back, crashes, shed } = outcome;
  const sheds = Object.keys(shed).every((one) => /^(429|503)$/.test(one));
  const row = { bash: "", ratio: undefined };
  return [
    {
      ...row,
      what: "shed",
      ours: describeShed(outcome),
      goal: "429 or 503 only",
      // Where nothing was shed there is nothing to be right or wrong.
      met: sum(shed) === 0 ? undefined : sheds,
    },
    {
      ...row,
      what: "of them with retry-after",
      ours: String(outcome.retryAfter),
      goal: "all",
      met: sum(shed) === 0 ? undefined : outcome.retryAfter === sum(shed),
    },
    {
      ...row,
      what: "instances that ended",
      ours: String(crashes),
      goal: "0",
      met: crashes === 0,
    },
    {
      ...row,
      what: "p50 back to normal",
      ours: describeBack(outcome),
      goal: `≤ ${RECOVERED} s`,
      met: back !== undefined && back <= RECOVERED,
    },
  ];
}

function describeShed({ shed }: Outcome): string {
  const parts = Object.entries(shed).map(([one, count]) => `${count} × ${one}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}

function describeBack({ back }: Outcome): string {
  return back === undefined ? `not within ${AFTER} s` : `${back} s`;
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
