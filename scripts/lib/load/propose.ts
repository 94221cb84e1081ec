import type { Instances } from "./instances.ts";
import { type Measurement, keepsTo } from "./measurement.ts";
import { findObstacle } from "./obstacle.ts";
import { proposeMemory } from "./propose-memory.ts";
import type { Memory } from "./read-memory.ts";
import { formatMilliseconds, percent } from "./report.ts";
import type { Sizes } from "./sizes.ts";

/** Settings of the env file, and the reasoning; or why there are none. */
export type Proposal =
  { settings: Record<string, string>; reasons: string[] } | { none: string };

export interface ProposalInput {
  measurement: Measurement;
  instances: Instances;
  memory: Memory;
  sizes: Sizes;
  /** Milliseconds; the rate that goes with it is that of the run. */
  latency: number | undefined;
}

/** Cloud Run keeps instances at this share of CONCURRENCY (Cloud Run docs, "Configure custom scaling controls"). */
const TARGET = 0.6;

/** Half as many again: for bursts, and for instances that are replaced. Our own choice. */
const HEADROOM = 1.5;

/** A larger share of requests than this is somebody else's. */
const MOST_OTHERS = 0.1;

export function proposeSizes(input: ProposalInput): Proposal {
  const { measurement, instances, latency, sizes } = input;
  const none = findObstacle(measurement, latency);
  if (none !== undefined) return { none };
  if ("unknown" in instances) {
    return { none: `the instances are not known: ${instances.unknown}` };
  }
  if (instances.others > MOST_OTHERS * instances.calls) {
    return {
      none: `others sent ${instances.others} requests meanwhile, so the instances did not work for these calls alone`,
    };
  }
  if (sizes.concurrency === 0) {
    return { none: "the revision that serves has no CONCURRENCY" };
  }
  const load = toLoad(measurement, instances.answered);
  const concurrency = proposeConcurrency(input, load);
  if ("none" in concurrency) return concurrency;
  const most = proposeInstances(input, load, concurrency.value);
  const memory = proposeMemory(input.memory, sizes.memory);
  return {
    settings: {
      CONCURRENCY: String(concurrency.value),
      MAX_INSTANCES: String(most.value),
      ...(memory.value !== undefined && { MEMORY: memory.value }),
    },
    reasons: [
      describeLoad(load),
      ...[concurrency, most, memory].map(({ reason }) => reason),
    ],
  };
}

/** What the instances had to do. */
interface Load {
  /** Calls a second that came. */
  rate: number;
  /** Seconds that an instance had a call, on average. */
  seconds: number;
  instances: number;
  /** Calls at once in one instance, on average. */
  atOnce: number;
}

function toLoad({ summary, bounds }: Measurement, instances: number): Load {
  return {
    rate: bounds.rate ?? 0,
    seconds: (summary.service?.mean ?? 0) / 1000,
    instances,
    atOnce: summary.inFlight / instances,
  };
}

function describeLoad({ rate, seconds, instances, atOnce }: Load): string {
  return `${rate} calls a second that take ${seconds.toFixed(2)} s each are ${(rate * seconds).toFixed(1)} calls at once (Little's law). Instances that answered: ${instances}, so each had ${atOnce.toFixed(1)} at once on average.`;
}

/** Fewer at once than this cannot be meant. */
const ALONE = 1.5;

/** As it is where the latency was kept to; fewer where it was not. It is never raised beyond what was measured. */
function proposeConcurrency(
  { measurement, latency, sizes }: ProposalInput,
  { atOnce }: Load,
): { value: number; reason: string } | { none: string } {
  const p95 = formatMilliseconds(measurement.summary.latency?.p95 ?? 0);
  const wanted = formatMilliseconds(latency ?? 0);
  const aim = TARGET * sizes.concurrency;
  if (keepsTo(latency, measurement)) {
    const untried =
      atOnce < aim
        ? ` Cloud Run lets it come to some ${aim.toFixed(0)} (${percent(TARGET)} of CONCURRENCY): more than ${atOnce.toFixed(1)} was not measured.`
        : "";
    return {
      value: sizes.concurrency,
      reason: `CONCURRENCY stays: p95 is ${p95}, within ${wanted}.${untried}`,
    };
  }
  const { missed } = measurement;
  const slow =
    missed === 0
      ? `p95 is ${p95}, more than ${wanted},`
      : `${missed} calls of the schedule never started, and p95 of the others is ${p95} (${wanted} is wanted),`;
  if (atOnce < ALONE) {
    return {
      none: `${slow} though an instance had but ${atOnce.toFixed(1)} calls at once: it is the model or a cold start that is slow (MIN_INSTANCES keeps instances up), and no size mends that`,
    };
  }
  const value = Math.max(1, Math.floor(atOnce / 2 / TARGET));
  const less = Math.min(value, sizes.concurrency);
  return {
    value: less,
    reason: `CONCURRENCY: ${slow} with ${atOnce.toFixed(1)} calls at once in an instance. With ${less} Cloud Run gives it half as many (it aims at ${percent(TARGET)}). That is to be tried, not a result: deploy it and measure again.`,
  };
}

function proposeInstances(
  { sizes }: ProposalInput,
  { rate, seconds, instances }: Load,
  concurrency: number,
): { value: number; reason: string } {
  const needed = Math.ceil((rate * seconds) / (TARGET * concurrency));
  const value = Math.ceil(Math.max(needed, instances) * HEADROOM);
  const now =
    sizes.maxInstances === undefined ? "not set" : String(sizes.maxInstances);
  return {
    value,
    reason: `MAX_INSTANCES: at ${percent(TARGET)} of ${concurrency} these calls need ${needed}, and Cloud Run used ${instances}. The larger one, and half as many again for bursts and for instances that are replaced: ${value} (now ${now}). It is also what bounds the cost.`,
  };
}

/** For people, a line a part. */
export function describeProposal(proposal: Proposal): string[] {
  if ("none" in proposal) return [`No sizes are proposed: ${proposal.none}.`];
  const { settings, reasons } = proposal;
  const words = Object.entries(settings).map(
    ([name, value]) => `${name}=${value}`,
  );
  return [`Proposed for the env file: ${words.join(" ")}`, ...reasons];
}
