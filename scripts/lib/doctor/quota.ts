import { requestQuota } from "../google/commands/quotas.ts";
import { formatCommand } from "../google/gcloud.ts";
import { readPages } from "../google/pages.ts";
import type { ReadApi } from "../google/rest.ts";
import { toMebibytes } from "../settings/memory.ts";
import type { Settings } from "../settings/settings.ts";
import { type Finding, ok, problem, unlooked, warning } from "./finding.ts";
import type { Seen } from "./seen.ts";

const RUN = "run.googleapis.com";
const GIB = 2 ** 30;

/**
 * What Cloud Run holds MAX_INSTANCES against (Cloud Run docs, "About maximum instances"): all instances that a project
 * has in a region count, and a maximum that goes beyond it by itself is refused.
 */
const KINDS = [
  {
    metric: `${RUN}/cpu_allocation`,
    id: "CpuAllocPerProjectRegion",
    // Thousandths of a vCPU.
    each: ({ cpu }: Settings) => Number(cpu) * 1000,
    show: (amount: number) => `${amount / 1000} vCPU`,
  },
  {
    metric: `${RUN}/mem_allocation`,
    id: "MemAllocPerProjectRegion",
    // Bytes.
    each: ({ memory }: Settings) => (toMebibytes(memory) / 1024) * GIB,
    show: (amount: number) => `${amount / GIB} GiB`,
  },
] as const;

/** `ConsumerQuotaMetric` of Service Usage v1beta1, as far as it is read. */
interface QuotaMetric {
  metric: string;
  consumerQuotaLimits?: {
    quotaBuckets?: {
      /** A 64-bit number; -1 is no limit. */
      effectiveLimit?: string;
      /** None: for all regions that have no bucket of their own. */
      dimensions?: { region?: string };
    }[];
  }[];
}

/** What a region allows, by metric, in the metric's own unit; Infinity is no limit. */
export type Quotas = ReadonlyMap<string, number>;

export async function readQuotas(
  read: ReadApi,
  { projectId, region }: Settings,
): Promise<Quotas> {
  const metrics = await readPages<QuotaMetric>(read, {
    api: "serviceusage",
    path: `v1beta1/projects/${projectId}/services/${RUN}/consumerQuotaMetrics`,
    query: { view: "FULL" },
    field: "metrics",
  });
  return new Map(
    metrics.flatMap(({ metric, consumerQuotaLimits = [] }) => {
      const limits = consumerQuotaLimits.flatMap(({ quotaBuckets = [] }) => {
        const bucket =
          quotaBuckets.find(
            ({ dimensions }) => dimensions?.region === region,
          ) ?? quotaBuckets.find(({ dimensions }) => dimensions === undefined);
        const limit = Number(bucket?.effectiveLimit ?? NaN);
        return Number.isNaN(limit) ? [] : [limit < 0 ? Infinity : limit];
      });
      return limits.length === 0
        ? []
        : [[metric, Math.min(...limits)] as const];
    }),
  );
}

export function judgeQuota(settings: Settings, seen: Seen<Quotas>): Finding {
  const check = "quota";
  if ("reason" in seen) return unlooked(check, seen.reason);
  const { env, region, maxInstances } = settings;
  const most = Number(maxInstances);
  const known = KINDS.flatMap((kind) => {
    const allowed = seen.value.get(kind.metric);
    const each = kind.each(settings);
    return allowed === undefined
      ? []
      : [{ ...kind, each, wanted: each * most, allowed }];
  });
  if (known.length === 0) {
    return warning(check, "could not be looked at: Google names no limit");
  }
  const room = Math.min(
    ...known.map(({ each, allowed }) => Math.floor(allowed / each)),
  );
  const exceeded = known.filter(({ wanted, allowed }) => wanted > allowed);
  if (exceeded.length === 0) {
    const rest = Number.isFinite(room)
      ? `of ${room} that fit`
      : "without limit";
    return ok(check, `MAX_INSTANCES=${most}, ${rest} into ${region}`);
  }
  return problem(
    check,
    `MAX_INSTANCES=${most} is ${exceeded.map(({ wanted, show }) => show(wanted)).join(" and ")}; ${region} allows this project ${exceeded.map(({ allowed, show }) => show(allowed)).join(" and ")}`,
    room > 0
      ? `Set MAX_INSTANCES=${room} in envs/${env}.env, or ask Google for more:`
      : `Set CPU and MEMORY lower in envs/${env}.env, or ask Google for more:`,
    ...exceeded.map(({ id, wanted }) =>
      formatCommand(
        requestQuota(settings, { service: RUN, id, value: wanted }),
      ),
    ),
  );
}
