import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Figure, type Findings, format, median } from "../figure.ts";
import type { Lab } from "../lab.ts";
import { type Setup, ours, vary } from "../setup.ts";
import { cpuOf } from "../usage.ts";

const MOST = 0.5;

export const start: Figure = {
  name: "start",
  title: "Start to ready",
  method:
    "From the start of the process until the startup probe of the manifest has passed, on one core. WARM: Python's bytecode is there (the environment's own). Not WARM: there is none, and none is kept.",
  async measure(lab, _, { rounds }) {
    const nowhere = await mkdtemp(path.join(tmpdir(), "no-bytecode-"));
    const warm = ours();
    const env = {
      ...warm.env,
      PYTHONPYCACHEPREFIX: nowhere,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const cold = vary(warm, "not WARM", { env });
    const samples = { warm: [] as Sample[], cold: [] as Sample[] };
    try {
      for (let round = 0; round < rounds; round += 1) {
        samples.warm.push(await startOnce(lab, warm));
        samples.cold.push(await startOnce(lab, cold));
      }
    } finally {
      await rm(nowhere, { recursive: true, force: true });
    }
    return describe(samples);
  },
};

interface Sample {
  seconds: number;
  cpu: number;
}

async function startOnce(lab: Lab, setup: Setup): Promise<Sample> {
  const gateway = await lab.open(setup, { instances: 1 });
  try {
    await gateway.ready();
    return { seconds: gateway.starts[0] ?? NaN, cpu: cpuOf(gateway) };
  } finally {
    await gateway.close();
  }
}

function describe({ warm, cold }: Record<"warm" | "cold", Sample[]>): Findings {
  const rows = (["seconds", "cpu"] as const).map((member) => {
    const without = median(cold.map((sample) => sample[member]));
    const within = median(warm.map((sample) => sample[member]));
    const ratio = within / without;
    return {
      what: member === "cpu" ? "CPU of it" : "start to ready, WARM",
      bash: `${format(without)} s (not WARM)`,
      ours: `${format(within)} s`,
      ratio,
      goal: member === "cpu" ? "reported" : `≤ ${MOST} ×`,
      met: member === "cpu" ? undefined : ratio <= MOST,
    };
  });
  const numbered = (samples: readonly Sample[]) =>
    samples.map(({ seconds }, index): [number, number] => [index + 1, seconds]);
  return {
    rows,
    tables: [],
    notes: [
      "The bash flow's column is our own manifest without WARM. Cloud Run also pulls the image, which is not in this figure. LiteLLM's image was not looked into: it may have some bytecode without WARM.",
    ],
    plots: [
      {
        name: "start",
        title: "Start to ready, each start",
        x: "start",
        y: "seconds",
        series: [
          { name: "not WARM", points: numbered(cold) },
          { name: "WARM", points: numbered(warm) },
        ],
      },
    ],
  };
}
