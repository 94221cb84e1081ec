import type { RevisionTemplate } from "../model.ts";
import { countFitting, listUses } from "../quota.ts";
import type { Quota } from "../state.ts";
import type { Violations } from "../violations.ts";

/** Checks minimum and maximum of the revision and of its service, and that the project's quota has room for the maximum. */
export function checkScale(
  template: RevisionTemplate,
  service: Readonly<Record<string, string>>,
  quota: Quota,
  violations: Violations,
): void {
  const revision = template.metadata.annotations;
  const pairs = [
    [revision, "autoscaling.knative.dev", "spec.template.metadata.annotations"],
    [service, "run.googleapis.com", "metadata.annotations"],
  ] as const;
  for (const [annotations, domain, path] of pairs) {
    const least = Number(annotations[`${domain}/minScale`] ?? 0);
    const most = Number(annotations[`${domain}/maxScale`] ?? 1000);
    if (least > most) {
      violations.add(
        `${path}[${domain}/minScale]`,
        `Min instances (${least}) must not be greater than max instances (${most}).`,
      );
    }
    // Without a maximum of its own it has what the quota allows.
    if (annotations[`${domain}/maxScale`] === undefined) continue;
    const refusal = findExcess(template, most, quota);
    if (refusal !== undefined) {
      violations.add(`${path}[${domain}/maxScale]`, refusal);
    }
  }
}

function findExcess(
  template: RevisionTemplate,
  instances: number,
  quota: Quota,
): string | undefined {
  const { limits } = template.spec.containers[0].resources;
  const exceeded = listUses(limits, quota).filter(
    ({ each, allowed }) => each * instances > allowed,
  );
  const [first] = exceeded;
  if (first === undefined) return undefined;
  return [
    `Max instances must be set to ${countFitting(exceeded)} or fewer to set the requested total ${first.name}.`,
    "Consider running your workload in a region with greater capacity, or requesting an increase in quota for this region if you are seeing sustained usage near this limit, see https://cloud.google.com/run/quotas.",
    "",
    "Quota violated:",
    ...exceeded.map(
      ({ quotaId, each, allowed }) =>
        `${quotaId} requested: ${each * instances} allowed: ${allowed}`,
    ),
  ].join("\n");
}
