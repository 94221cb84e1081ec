import type { RevisionTemplate } from "../model.ts";
import { parseCpu, parseMemory } from "../quantity.ts";
import type { Violations } from "../violations.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Memory that goes with so much CPU, in bytes (docs: "Memory limits", "CPU limits"). */
const MEMORY_RANGES: { cpu: number; least: number; most: number }[] = [
  { cpu: 0.499, least: 128 * MIB, most: 512 * MIB },
  { cpu: 0.999, least: 128 * MIB, most: 1 * GIB },
  { cpu: 1, least: 128 * MIB, most: 4 * GIB },
  { cpu: 2, least: 128 * MIB, most: 8 * GIB },
  { cpu: 4, least: 2 * GIB, most: 16 * GIB },
  { cpu: 6, least: 4 * GIB, most: 24 * GIB },
  { cpu: 8, least: 4 * GIB, most: 32 * GIB },
];

/** Checks CPU and memory, alone, together, and with the concurrency and the execution environment. */
export function checkResources(
  template: RevisionTemplate,
  violations: Violations,
): void {
  const { limits } = template.spec.containers[0].resources;
  checkLimitNames(limits, violations);
  const cpu = parseCpu(limits.cpu);
  if (cpu === undefined || !isOffered(cpu)) {
    violations.add(
      "spec.template.spec.containers[0].resources.limits.cpu",
      "Invalid value specified for container cpu. Must be equal to one of [.08-1], 1.0, 2.0, 4.0, 6.0, 8.0",
    );
    return;
  }
  checkFractionalCpu(cpu, template, violations);
  checkMemory(cpu, limits.memory, isSecondGeneration(template), violations);
}

function checkLimitNames(
  limits: Readonly<Record<string, string>>,
  violations: Violations,
): void {
  for (const name of Object.keys(limits)) {
    if (name === "cpu" || name === "memory") continue;
    violations.add(
      `spec.template.spec.containers[0].resources.limits[${name}]`,
      "Only 'cpu' and 'memory' are supported.",
    );
  }
}

function isOffered(cpu: number): boolean {
  return (cpu >= 0.08 && cpu <= 1) || [2, 4, 6, 8].includes(cpu);
}

function checkFractionalCpu(
  cpu: number,
  template: RevisionTemplate,
  violations: Violations,
): void {
  if (cpu >= 1) return;
  const refuse = (why: string) => {
    violations.add(
      "spec.template.spec.containers.resources.limits.cpu",
      `Invalid value specified for cpu. Total cpu < 1 is not supported with ${why}.`,
    );
  };
  const throttling =
    template.metadata.annotations["run.googleapis.com/cpu-throttling"];
  if (template.spec.containerConcurrency > 1) refuse("concurrency > 1");
  if (isSecondGeneration(template)) refuse("gen2 execution environment");
  if (throttling?.toLowerCase() === "false") {
    refuse("cpu always allocated (unthrottled)");
  }
}

function checkMemory(
  cpu: number,
  memory: string,
  secondGeneration: boolean,
  violations: Violations,
): void {
  const field = "spec.template.spec.containers[0].resources.limits.memory";
  const bytes = parseMemory(memory);
  if (bytes === undefined) {
    violations.add(
      field,
      `Invalid value specified for memory: '${memory}' is not a quantity such as 512Mi or 2Gi.`,
    );
    return;
  }
  const range = MEMORY_RANGES.find((r) => cpu <= r.cpu);
  if (range === undefined) return;
  const least = secondGeneration
    ? Math.max(range.least, 512 * MIB)
    : range.least;
  if (bytes >= least && bytes <= range.most) return;
  const environment = secondGeneration
    ? " with gen2 execution environment"
    : "";
  violations.add(
    field,
    `Invalid value specified for memory${environment}. For ${showCpu(cpu)} CPU, memory must be between ${showBytes(least)} and ${showBytes(range.most)} inclusive.`,
  );
}

function isSecondGeneration(template: RevisionTemplate): boolean {
  const { annotations } = template.metadata;
  return annotations["run.googleapis.com/execution-environment"] === "gen2";
}

function showCpu(cpu: number): string {
  return Number.isInteger(cpu) ? cpu.toFixed(1) : String(cpu);
}

function showBytes(bytes: number): string {
  return bytes >= GIB ? `${bytes / GIB}Gi` : `${bytes / MIB}Mi`;
}
