import type { Command } from "../gcloud.ts";
import { type InRegion, inProject } from "../places.ts";

/** Asks Google for more of what a region allows a project: for the operator to run. `value`: in the quota's own unit. */
export function requestQuota(
  place: InRegion,
  quota: { service: string; id: string; value: number },
): Command {
  return {
    args: [
      ...["beta", "quotas", "preferences", "create"],
      `--service=${quota.service}`,
      `--quota-id=${quota.id}`,
      `--preferred-value=${quota.value}`,
      `--dimensions=region=${place.region}`,
      inProject(place),
    ],
  };
}
