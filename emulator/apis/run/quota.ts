import type { Project } from "../../core/cloud.ts";
import type { RevisionTemplate } from "./model.ts";
import { parseCpu, parseMemory } from "./quantity.ts";
import { type Quota, runOf } from "./state.ts";

/** What a new project may have at once in a region: 20 vCPU and 40 GiB. */
export const NEW_PROJECT: Quota = { cpu: 20, memory: 40 * 2 ** 30 };

export function quotaOf(project: Project, region: string): Quota {
  return runOf(project).quotas.get(region) ?? NEW_PROJECT;
}

/** One of the limits that instances are counted against, in its own unit. */
export interface Use {
  name: "CPU" | "memory";
  quotaId: string;
  each: number;
  allowed: number;
}

/** What one instance takes of a region's quota: thousandths of a vCPU, and bytes. */
export function listUses(
  limits: RevisionTemplate["spec"]["containers"][0]["resources"]["limits"],
  quota: Quota,
): Use[] {
  return [
    {
      name: "CPU",
      quotaId: "CpuAllocPerProjectRegion",
      each: Math.round((parseCpu(limits.cpu) ?? 0) * 1000),
      allowed: quota.cpu * 1000,
    },
    {
      name: "memory",
      quotaId: "MemAllocPerProjectRegion",
      each: parseMemory(limits.memory) ?? 0,
      allowed: quota.memory,
    },
  ];
}

/** How many instances there is room for. */
export function countFitting(uses: readonly Use[]): number {
  return Math.min(
    ...uses.map(({ each, allowed }) =>
      each === 0 ? Infinity : Math.floor(allowed / each),
    ),
  );
}
