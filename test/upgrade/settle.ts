import { setTimeout } from "node:timers/promises";
import type { Client } from "./client.ts";

interface Answer {
  kind?: string;
  name?: string;
  done?: boolean;
}

interface Operation {
  done?: boolean;
  error?: { message: string };
}

interface Service {
  metadata: { generation: number };
  status?: {
    observedGeneration?: number;
    conditions?: { type: string; status: string }[];
  };
}

interface Rollout {
  state: string;
  phases?: { state: string }[];
}

const PATIENCE_MS = 30_000;

/** Waits until what a write began has ended, or waits for a person. `answer`: Google's to the write. */
export async function settle(
  client: Client,
  method: string,
  url: string,
  answer: unknown,
): Promise<void> {
  const { kind, name = "", done } = (answer ?? {}) as Answer;
  const { origin, pathname } = new URL(url);
  const [, version = ""] = pathname.split("/");
  if (/(^|\/)operations\//.test(name) && done !== true) {
    await until(url, async () => {
      const operation = `${origin}/${version}/${name}`;
      const { done, error } = (await client.send(
        "GET",
        operation,
      )) as Operation;
      if (error !== undefined) throw new Error(`${url}: ${error.message}`);
      return done === true;
    });
  }
  if (kind === "Service" && method !== "DELETE") {
    const path = method === "POST" ? `/${nameOf(answer)}` : "";
    const service = `${origin}${pathname}${path}`;
    await until(url, async () =>
      isServed((await client.send("GET", service)) as Service),
    );
  }
  const [pipeline] =
    /^.*\/deliveryPipelines\/[^/:]+(?=\/releases)/.exec(pathname) ?? [];
  if (pipeline !== undefined) {
    const rollouts = `${origin}${pipeline}/releases/-/rollouts`;
    await until(url, async () => {
      const list = (await client.send("GET", rollouts)) as {
        rollouts?: Rollout[];
      };
      return (list.rollouts ?? []).every(isQuiet);
    });
  }
}

function nameOf(answer: unknown): string {
  return (answer as { metadata: { name: string } }).metadata.name;
}

/** Ready, or not to be: a candidate that fails is a state too. */
function isServed({ metadata, status }: Service): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return (
    status?.observedGeneration === metadata.generation &&
    ["True", "False"].includes(ready?.status ?? "")
  );
}

/** Ended, or between two phases, or before a person's approval. */
function isQuiet({ state, phases = [] }: Rollout): boolean {
  if (state !== "IN_PROGRESS") return !/^PENDING(_RELEASE)?$/.test(state);
  return phases.every((phase) => phase.state !== "IN_PROGRESS");
}

async function until(what: string, look: () => Promise<boolean>) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`${what} does not settle`);
    await setTimeout(20);
  }
}
