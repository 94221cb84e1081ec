import {
  type Prices,
  readPrices,
} from "../../../scripts/lib/service/changes/prices.ts";
import { chat, run } from "../client.ts";
import { type Figure, type Row, compare, format, median } from "../figure.ts";
import type { Gateway } from "../lab.ts";

const MOST = 0.15;
const MILLION = 1_000_000;

interface Usage {
  vcpuSeconds: number;
  gibSeconds: number;
}

export const cost: Figure = {
  name: "cost",
  title: "A million requests",
  method:
    "Request-based billing: an instance is billed as long as it works on a request. So a million requests take a million by the rate of an instance seconds, each of its CPU and MEMORY, with all instances full.",
  async measure(lab, sides, { rounds, seconds, prices }) {
    const { bash, ours } = await sides();
    lab.answerAfter(1000);
    const used = { bash: [] as Usage[], ours: [] as Usage[] };
    for (let round = 0; round < rounds; round += 1) {
      used.bash.push(await useOf(bash, seconds));
      used.ours.push(await useOf(ours, seconds));
    }
    const of = (side: keyof typeof used): Usage => ({
      vcpuSeconds: median(used[side].map((one) => one.vcpuSeconds)),
      gibSeconds: median(used[side].map((one) => one.gibSeconds)),
    });
    const sums = { bash: of("bash"), ours: of("ours") };
    const list = prices === undefined ? undefined : readPrices(prices);
    return {
      rows: [...compareUnits(sums), compareMoney(sums, list)],
      tables: [],
      notes: [
        list === undefined
          ? "No price list was given (`--prices=FILE`, as `plan` takes it), and none is shipped. The cost's ratio lies between those of the two units, by what each is billed at; the fee a request is the same on both sides. So a goal in money is met for every price list only where both units meet it, and open where one does."
          : `By ${list.document}, read ${list.read}; before any free tier, with the fee a request.`,
      ],
      plots: [],
    };
  },
};

async function useOf(gateway: Gateway, seconds: number): Promise<Usage> {
  const { cpu, memory, concurrency } = gateway.setup;
  const { summary } = await run(chat(gateway), { concurrency, seconds });
  const busy = MILLION / summary.throughput;
  return { vcpuSeconds: busy * cpu, gibSeconds: busy * memory };
}

function compareUnits({ bash, ours }: Record<"bash" | "ours", Usage>): Row[] {
  return [
    compare("vCPU-s", bash.vcpuSeconds, ours.vcpuSeconds, "", undefined),
    compare("GiB-s", bash.gibSeconds, ours.gibSeconds, "", undefined),
  ];
}

/** Without prices: met where both units meet it, whatever they are billed at; missed where neither does. */
function compareMoney(
  { bash, ours }: Record<"bash" | "ours", Usage>,
  prices: Prices | undefined,
): Row {
  if (prices !== undefined) {
    const worth = ({ vcpuSeconds, gibSeconds }: Usage) =>
      vcpuSeconds * prices.active.vcpuSecond +
      gibSeconds * prices.active.gibSecond +
      prices.millionRequests;
    const { currency } = prices;
    return compare("cost", worth(bash), worth(ours), currency, { most: MOST });
  }
  const ratios = [
    ours.vcpuSeconds / bash.vcpuSeconds,
    ours.gibSeconds / bash.gibSeconds,
  ];
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return {
    what: "cost",
    bash: "no prices",
    ours: `${format(low)} to ${format(high)} ×`,
    ratio: undefined,
    goal: `≤ ${MOST} ×`,
    met: high <= MOST ? true : low > MOST ? false : undefined,
  };
}
