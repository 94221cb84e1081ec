import { toMebibytes } from "../../settings/memory.ts";
import type { Settings } from "../../settings/settings.ts";

/** What a month of a service is billed by, in Cloud Run's units (Cloud Run pricing: vCPU-second, GiB-second, requests). */
export interface Estimate {
  /** Of the instances that MIN_INSTANCES keeps up, at the idle rate. */
  idle: Usage;
  /** Null where no load is given. */
  load: {
    requests: number;
    /** Of one request. */
    seconds: number;
    /** Where CONCURRENCY requests are always worked on at a time. */
    least: Usage;
    /** Where each is worked on alone. */
    most: Usage;
  } | null;
}

export interface Usage {
  vcpuSeconds: number;
  gibSeconds: number;
}

/** Thirty days. */
const MONTH = 30 * 86_400;

export function estimate(
  settings: Pick<Settings, "cpu" | "memory" | "concurrency" | "minInstances">,
  load: { requests: number; seconds: number } | undefined,
): Estimate {
  const cpu = Number(settings.cpu);
  const gib = toMebibytes(settings.memory) / 1024;
  const use = (seconds: number): Usage => ({
    vcpuSeconds: Math.round(seconds * cpu),
    gibSeconds: Math.round(seconds * gib),
  });
  const idle = use(Number(settings.minInstances) * MONTH);
  if (load === undefined) return { idle, load: null };
  const busy = load.requests * load.seconds;
  return {
    idle,
    load: {
      ...load,
      least: use(busy / Number(settings.concurrency)),
      most: use(busy),
    },
  };
}

export function formatEstimate({ idle, load }: Estimate): string[] {
  const lines = [`  at rest   ${formatUsage(idle)}`];
  if (load === null) return lines;
  const { requests, seconds, least, most } = load;
  return [
    ...lines,
    `  at work   ${requests.toLocaleString("en")} requests of ${String(seconds)} s:`,
    `    least   ${formatUsage(least)}`,
    `    most    ${formatUsage(most)}`,
  ];
}

function formatUsage({ vcpuSeconds, gibSeconds }: Usage): string {
  return `${vcpuSeconds.toLocaleString("en")} vCPU-s, ${gibSeconds.toLocaleString("en")} GiB-s`;
}
