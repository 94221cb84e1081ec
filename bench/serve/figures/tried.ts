import { chat, run } from "../client.ts";
import { type Figure, format, median } from "../figure.ts";
import type { Gateway, Lab } from "../lab.ts";
import { type Setup, ours, vary } from "../setup.ts";
import { cpuOf, memoryOf } from "../usage.ts";

const CLIENTS = 40;

export const tried: Figure = {
  name: "tried",
  title: "What was tried",
  method: `Each variant beside our settings, in turns, ${CLIENTS} clients, Gemini answers after 1 s. A ratio of CPU a request below 1 is a gain; it is the steadiest of the figures, since others on the machine hardly change it.`,
  async measure(lab, _, { rounds, seconds }) {
    const base = await openOne(lab, ours());
    const table = [
      ["", "CPU a request", "ratio", "requests/s", "ratio", "p99", "MiB"],
    ];
    try {
      for (const setup of listVariants()) {
        const variant = await openOne(lab, setup);
        try {
          const row = await compareTo(base, variant, lab, rounds, seconds);
          table.push([setup.name, ...row]);
        } finally {
          await variant.close();
        }
      }
    } finally {
      await base.close();
    }
    return {
      rows: [],
      tables: [table],
      notes: [
        "Not tried: a newer Python (the image brings its own), two workers with two CPUs (the second core is the client's here). `LITELLM_LOG=ERROR`, `LITELLM_MODE=PRODUCTION` and no callbacks are our settings already; LiteLLM's log of its own calls, verification and retries were left alone.",
      ],
      plots: [],
    };
  },
};

/** Each of LiteLLM's own documented switches, alone. */
function listVariants(): Setup[] {
  const own = ours();
  const { args, config, env } = own;
  const withVariable = (name: string, value: string): Setup =>
    vary(own, `${name}=${value}`, { env: { ...env, [name]: value } });
  return [
    withVariable("PYTHON_GC_THRESHOLD", "10000,50,50"),
    withVariable("PYTHON_GC_THRESHOLD", "700,10,10"),
    withVariable("DISABLE_AIOHTTP_TRANSPORT", "True"),
    vary(own, "--run_granian", { args: [...args, "--run_granian"] }),
    vary(own, "json_logs: false", {
      config: config.replace("json_logs: true", "json_logs: false"),
    }),
    vary(own, "without max_in_flight_requests_per_worker", {
      config: config.replace(/^ *max_\w+_requests_per_worker: \d+\n/gm, ""),
    }),
  ];
}

async function openOne(lab: Lab, setup: Setup): Promise<Gateway> {
  const gateway = await lab.open(vary(setup, setup.name, { concurrency: 0 }), {
    instances: 1,
  });
  await gateway.ready();
  return gateway;
}

async function compareTo(
  base: Gateway,
  variant: Gateway,
  lab: Lab,
  rounds: number,
  seconds: number,
): Promise<string[]> {
  lab.answerAfter(1000);
  const samples = { base: [] as Sample[], variant: [] as Sample[] };
  for (let round = 0; round <= Math.ceil(rounds / 2); round += 1) {
    const both = {
      base: await ask(base, seconds),
      variant: await ask(variant, seconds),
    };
    // The first one fills caches and pools of connections.
    if (round === 0) continue;
    samples.base.push(both.base);
    samples.variant.push(both.variant);
  }
  const of = (side: keyof typeof samples, member: keyof Sample) =>
    median(samples[side].map((sample) => sample[member]));
  const ratio = (member: keyof Sample) =>
    format(of("variant", member) / of("base", member));
  return [
    `${format(of("variant", "cpu"))} ms`,
    ratio("cpu"),
    format(of("variant", "rate")),
    ratio("rate"),
    `${format(of("variant", "p99"))} ms`,
    format(memoryOf(variant)),
  ];
}

interface Sample {
  /** Milliseconds of CPU a request. */
  cpu: number;
  rate: number;
  p99: number;
}

async function ask(gateway: Gateway, seconds: number): Promise<Sample> {
  const before = cpuOf(gateway);
  const bounds = { concurrency: CLIENTS, seconds };
  const { summary } = await run(chat(gateway), bounds);
  return {
    cpu: ((cpuOf(gateway) - before) * 1000) / summary.calls,
    rate: summary.throughput,
    p99: summary.latency?.p99 ?? NaN,
  };
}
