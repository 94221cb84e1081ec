import type { TrafficTarget } from "../model.ts";
import type { Violations } from "../violations.ts";

/** Checks the traffic of a service, apart from whether the revisions exist: Cloud Run finds that out later. */
export function checkTraffic(
  service: string,
  targets: readonly TrafficTarget[],
  violations: Violations,
): void {
  const sum = targets.reduce((total, t) => total + (t.percent ?? 0), 0);
  if (targets.length > 0 && sum !== 100) {
    violations.add(
      "spec.traffic",
      `The percentages of the traffic targets must add up to 100, not ${sum}.`,
    );
  }
  for (const [index, target] of targets.entries()) {
    checkTarget(target, `spec.traffic[${index}]`, violations);
    if (target.tag !== undefined) checkTag(service, target.tag, violations);
  }
  const tags = targets.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
  for (const tag of new Set(tags)) {
    if (tags.filter((t) => t === tag).length > 1) {
      violations.add("spec.traffic.tag", `duplicate traffic tag '${tag}'.`);
    }
  }
}

function checkTarget(
  target: TrafficTarget,
  field: string,
  violations: Violations,
): void {
  const { percent = 0, revisionName, latestRevision = false } = target;
  if (percent < 0 || percent > 100) {
    violations.add(`${field}.percent`, "must be between 0 and 100.");
  }
  if (latestRevision && revisionName !== undefined) {
    violations.add(
      `${field}.latest_revision`,
      "must be false if revision_name is set.",
    );
  }
  if (!latestRevision && revisionName === undefined) {
    violations.add(
      field,
      "must have either revision_name or latest_revision set.",
    );
  }
}

function checkTag(service: string, tag: string, violations: Violations): void {
  if (!/^[a-z][a-z0-9-]{1,}[a-z0-9]$/.test(tag)) {
    violations.add(
      "spec.traffic.tag",
      `invalid traffic tag '${tag}': only lowercase letters, digits and hyphens, at least 3 characters; must begin with a letter, and may not end with a hyphen.`,
    );
  }
  if (tag.length + service.length > 46) {
    violations.add(
      "spec.traffic.tag",
      `traffic tag '${tag}' and service name '${service}' together are too long. Combined traffic tag and service name cannot exceed 46 characters.`,
    );
  }
}
