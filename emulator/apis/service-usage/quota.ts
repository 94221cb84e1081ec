import type { Project } from "../../core/cloud.ts";
import { NEW_PROJECT, quotaOf } from "../run/quota.ts";
import { type Quota, runOf } from "../run/state.ts";

const RUN = "run.googleapis.com";

/** Those of Cloud Run that a maximum of instances is held against; of other limits, and of other services, none is kept. */
const METRICS = [
  {
    metric: `${RUN}/cpu_allocation`,
    displayName: "Total CPU allocation",
    unit: "milli-vCPU",
    read: ({ cpu }: Quota) => cpu * 1000,
  },
  {
    metric: `${RUN}/mem_allocation`,
    displayName: "Total memory allocation",
    unit: "By",
    read: ({ memory }: Quota) => memory,
  },
];

/** A service's `ConsumerQuotaMetric`s; a region has a bucket of its own where its limit is not the default. */
export function listQuotaMetrics(project: Project, service: string): object[] {
  if (service !== RUN) return [];
  const parent = `projects/${project.projectNumber}/services/${RUN}`;
  return METRICS.map(({ metric, displayName, unit, read }) => {
    const name = `${parent}/consumerQuotaMetrics/${encodeURIComponent(metric)}`;
    const own = [...runOf(project).quotas.keys()].map((region) => ({
      ...toBucket(read(NEW_PROJECT), read(quotaOf(project, region))),
      dimensions: { region },
    }));
    const limit = {
      name: `${name}/limits/%2Fproject%2Fregion`,
      metric,
      unit: "1/{project}/{region}",
      quotaBuckets: [toBucket(read(NEW_PROJECT), read(NEW_PROJECT)), ...own],
    };
    return { name, displayName, metric, unit, consumerQuotaLimits: [limit] };
  });
}

/** Google writes 64-bit numbers as strings. */
function toBucket(defaultLimit: number, effectiveLimit: number) {
  return {
    effectiveLimit: String(effectiveLimit),
    defaultLimit: String(defaultLimit),
  };
}
