import type { LogEntry } from "../logs/entry.ts";
import { USER_AGENT } from "./send-call.ts";

/** What the log tells of the instances that answered. */
interface Known {
  /** Those that our calls came to. */
  answered: number;
  /** Started meanwhile: cold starts. */
  started: number;
  /** Our calls that the log has. */
  calls: number;
  /** What others asked meanwhile. */
  others: number;
}

export type Instances = Known | { unknown: string };

/** Cloud Run's line in the system log for an instance that requests needed; a deploy's has another reason. */
const STARTING = "Starting new instance. Reason: AUTOSCALING";

/** From the entries of a run's time: request logs name the instance, as a label (Cloud Run's own). */
export function countInstances(entries: readonly LogEntry[]): Instances {
  const requests = entries.filter(({ httpRequest }) => httpRequest);
  const own = requests.filter(isOwn);
  if (own.length === 0) return { unknown: "the log has none of these calls" };
  const ids = own.flatMap(({ labels }) => labels?.instanceId ?? []);
  if (ids.length === 0) {
    return { unknown: "the log does not name the instances of these calls" };
  }
  const starts = entries.filter(({ textPayload }) =>
    textPayload?.startsWith(STARTING),
  );
  return {
    answered: new Set(ids).size,
    started: starts.length,
    calls: own.length,
    others: requests.length - own.length,
  };
}

export function isOwn({ httpRequest }: LogEntry): boolean {
  return httpRequest?.userAgent === USER_AGENT;
}

/** `2 instances answered; cold starts: 1 (by the log of 40 calls).` */
export function describeInstances(instances: Instances): string {
  if ("unknown" in instances) {
    return `Instances and cold starts are not known: ${instances.unknown}.`;
  }
  const { answered, started, calls, others } = instances;
  const noun = answered === 1 ? "instance" : "instances";
  const more = others === 0 ? "" : `; others sent ${others} requests meanwhile`;
  return `${answered} ${noun} answered; cold starts: ${started} (by the log of ${calls} calls${more}).`;
}
