import { chat, run } from "../client.ts";
import {
  type Figure,
  type Findings,
  compare,
  format,
  median,
} from "../figure.ts";
import type { Gateway, Lab } from "../lab.ts";

/** Milliseconds until the first token. */
const FIRST = 1300;
const LEVELS = [4, 8, 12, 16, 24, 32, 40, 60];

/** 20 chunks of 4 words, 20 letters and so 5 of the emulated Gemini's tokens: at 10 chunks a second 50 tokens/s for 2 s. */
const PROMPT = "word ".repeat(80);
const BETWEEN_CHUNKS = 100;

export const streams: Figure = {
  name: "streams",
  title: "Streams held at once, an instance",
  method:
    "Gemini's first token after 1 s, then 50 tokens/s for 2 s. The bash flow lets 4 calls to an instance; of ours, the most at which p99 of the first token keeps within 1.3 s, found on one instance without a limit.",
  async measure(lab, sides, { rounds, seconds }) {
    const { bash, open } = await sides();
    await ask(lab, open, 8, seconds);
    const levels: Sample[] = [];
    for (const clients of LEVELS) {
      const samples: Sample[] = [];
      // A stream takes three seconds: fewer rounds, longer ones.
      for (let round = 0; round < Math.ceil(rounds / 3); round += 1) {
        samples.push(await ask(lab, open, clients, seconds + 3));
      }
      levels.push(middle(samples));
    }
    const few = await ask(lab, bash, bash.setup.concurrency, seconds + 3);
    return describe(few, levels);
  },
};

interface Sample {
  clients: number;
  p50: number;
  p99: number;
  failed: number;
  /** Of all streams together. */
  tokens: number;
}

async function ask(
  lab: Lab,
  gateway: Gateway,
  clients: number,
  seconds: number,
): Promise<Sample> {
  lab.answerAfter(1000, BETWEEN_CHUNKS);
  const sender = chat(gateway, { stream: true, prompt: PROMPT });
  const { summary } = await run(sender, { concurrency: clients, seconds });
  const { p50 = NaN, p99 = NaN } = summary.first ?? {};
  const tokens = summary.throughput * 100;
  return { clients, p50, p99, failed: summary.failed, tokens };
}

function middle(samples: readonly Sample[]): Sample {
  const of = (member: keyof Sample) =>
    median(samples.map((sample) => sample[member]));
  return {
    clients: of("clients"),
    p50: of("p50"),
    p99: of("p99"),
    failed: samples.reduce((sum, { failed }) => sum + failed, 0),
    tokens: of("tokens"),
  };
}

function describe(few: Sample, levels: readonly Sample[]): Findings {
  const held = levels.filter((one) => one.p99 <= FIRST && one.failed === 0);
  const most = Math.max(0, ...held.map(({ clients }) => clients));
  const row = ({ clients, p50, p99, tokens, failed }: Sample) => [
    String(clients),
    `${format(p50)} ms`,
    `${format(p99)} ms`,
    format(tokens),
    String(failed),
  ];
  return {
    rows: [
      compare("streams at once", few.clients, most, "", { least: 10 }),
      {
        what: "p99 of their first token",
        bash: `${format(few.p99)} ms`,
        ours: `${format(held.find((one) => one.clients === most)?.p99 ?? NaN)} ms`,
        ratio: undefined,
        goal: `≤ ${FIRST} ms`,
        met: most > 0,
      },
    ],
    tables: [
      [
        ["streams", "first token p50", "p99", "tokens/s", "failed"],
        ...levels.map(row),
      ],
    ],
    notes: [
      "A real Gemini sends more tokens in a chunk and fewer chunks a second: what costs here is the chunk.",
    ],
    plots: [
      {
        name: "streams",
        title: "First token, as streams are added",
        x: "streams at once",
        y: "first token, ms",
        series: [
          { name: "p99", points: levels.map((one) => [one.clients, one.p99]) },
          { name: "p50", points: levels.map((one) => [one.clients, one.p50]) },
        ],
      },
    ],
  };
}
