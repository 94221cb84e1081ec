import type { Resource } from "./pipeline-file.ts";

interface Selector {
  id?: string;
  labels?: Record<string, string>;
}

/** Whether an automation of the rendered pipeline repairs what fails on a target. */
export function isRepaired(
  resources: readonly Resource[],
  target: string,
): boolean {
  return hasRule(resources, target, "repairRolloutRule");
}

/** Whether one promotes what succeeded there to the next target. */
export function isPromoted(
  resources: readonly Resource[],
  target: string,
): boolean {
  return hasRule(resources, target, "promoteReleaseRule");
}

function hasRule(
  resources: readonly Resource[],
  target: string,
  rule: string,
): boolean {
  const labels =
    resources.find((r) => r.kind === "Target" && r.metadata.name === target)
      ?.metadata.labels ?? {};
  return resources.some(
    ({ kind, rules, selector }) =>
      kind === "Automation" &&
      (rules as object[]).some((r) => rule in r) &&
      (selector as { targets: Selector[] }).targets.some(
        ({ id, labels: wanted }) =>
          id === undefined
            ? Object.entries(wanted ?? {}).every(
                ([name, value]) => labels[name] === value,
              )
            : id === "*" || id === target,
      ),
  );
}
