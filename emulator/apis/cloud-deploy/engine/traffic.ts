import type { TrafficTarget } from "../../run/model.ts";
import type { CloudRunConfig } from "../state.ts";

/** The traffic of a canary phase: its percentage to the new revision, the rest to the prior one, each with its tags. */
export function canaryTraffic(
  percent: number,
  prior: string,
  config: CloudRunConfig,
): TrafficTarget[] {
  return [
    ...tagged({ revisionName: prior }, 100 - percent, config.priorRevisionTags),
    ...tagged({ latestRevision: true }, percent, config.canaryRevisionTags),
  ];
}

/** Everything to the new revision. */
export function stableTraffic(config: CloudRunConfig): TrafficTarget[] {
  return tagged({ latestRevision: true }, 100, config.stableRevisionTags);
}

/** The revision that a canary takes traffic from: what the last good rollout deployed, if it is still there, else what serves most. */
export function choosePrior(
  serving: readonly TrafficTarget[],
  lastDeployed: string | undefined,
): string | undefined {
  const names = serving.map((target) => target.revisionName);
  if (names.includes(lastDeployed)) return lastDeployed;
  const [most] = serving.toSorted(
    (one, other) => (other.percent ?? 0) - (one.percent ?? 0),
  );
  return most?.revisionName;
}

/** A traffic target holds one tag, so further ones need targets of their own. */
function tagged(
  revision: Pick<TrafficTarget, "revisionName" | "latestRevision">,
  percent: number,
  tags: readonly string[] = [],
): TrafficTarget[] {
  const [first, ...others] = tags;
  return [
    { ...revision, percent, ...(first !== undefined && { tag: first }) },
    ...others.map((tag) => ({ ...revision, tag })),
  ];
}
