import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Figure, format, median } from "../figure.ts";
import type { Lab, OpenOptions } from "../lab.ts";
import { type Setup, bashFlow, ours, vary } from "../setup.ts";

const CLIENTS = 200;

export const scaleOut: Figure = {
  name: "scale-out",
  title: "From 0 to 200 clients",
  method:
    "A model of Cloud Run, computed and not run: so many processes do not fit on two cores. In it all instances that 200 clients need are started at once, each takes the start that is measured here, once in five rounds (one core; with startup boost: all cores of this machine), and 99 % are answered in time as soon as these are up. Google starts them as it sees fit, on other machines, and pulls an image first.",
  async measure(lab, _, { rounds }) {
    const nowhere = await mkdtemp(path.join(tmpdir(), "no-bytecode-"));
    const own = ours();
    const cold = vary(own, "not WARM", {
      env: {
        ...own.env,
        PYTHONPYCACHEPREFIX: nowhere,
        PYTHONDONTWRITEBYTECODE: "1",
      },
    });
    const one = vary(own, "ours, MIN_INSTANCES=1", { minInstances: 1 });
    const cases: [string, Setup, OpenOptions["core"]][] = [
      ["bash flow, not WARM", { ...bashFlow(), env: cold.env }, "own"],
      ["ours, not WARM, no boost", cold, "own"],
      ["ours, not WARM, boost", cold, "any"],
      ["ours, WARM, boost", own, "any"],
      ["ours, WARM, boost, MIN_INSTANCES=1", one, "any"],
    ];
    const rows: string[][] = [];
    try {
      const known = new Map<string, number>();
      for (const [name, setup, core] of cases) {
        const alike = `${JSON.stringify(setup.env)} ${String(core)}`;
        const seconds =
          known.get(alike) ??
          (await timeStart(lab, { ...own, env: setup.env }, core, rounds));
        known.set(alike, seconds);
        rows.push([name, ...predict(setup, seconds)]);
      }
    } finally {
      await rm(nowhere, { recursive: true, force: true });
    }
    const head = ["", "start", "instances", "at once", "99 % in time after"];
    return { rows: [], tables: [[head, ...rows]], notes: [], plots: [] };
  },
};

async function timeStart(
  lab: Lab,
  setup: Setup,
  core: OpenOptions["core"] = "own",
  rounds: number,
): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < Math.ceil(rounds / 5); round += 1) {
    const gateway = await lab.open(setup, { instances: 1, core });
    try {
      await gateway.ready();
      seconds.push(gateway.starts[0] ?? NaN);
    } finally {
      await gateway.close();
    }
  }
  return median(seconds);
}

/** Start, instances, clients that are answered from the beginning on, and when nearly all are. */
function predict(
  { concurrency, maxInstances, minInstances }: Setup,
  start: number,
): string[] {
  const needed = Math.ceil(CLIENTS / concurrency);
  const instances = Math.min(maxInstances, needed);
  const room = instances * concurrency;
  return [
    `${format(start)} s`,
    `${instances} of ${needed}`,
    `${Math.min(CLIENTS, minInstances * concurrency)} clients`,
    room >= 0.99 * CLIENTS
      ? `${format(start)} s`
      : `never: there is room for ${room}`,
  ];
}
