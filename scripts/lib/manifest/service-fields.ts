import { findApplied } from "./applied.ts";
import { withoutGoogles } from "./googles-fields.ts";
import type { Service } from "./knative.ts";
import { pathOf } from "./field-paths.ts";

/**
 * The manifest with what a person set on the service itself: that guards it, or
 * is none of our business. What was ours and is no longer in the manifest goes.
 */
export function withServiceFields(
  desired: Service,
  actual: Service | undefined,
): Service {
  if (actual === undefined) return desired;
  const applied = findApplied(actual.metadata) ?? [];
  const merge = (kind: "labels" | "annotations"): Record<string, string> => ({
    ...Object.fromEntries(
      Object.entries(withoutGoogles(actual.metadata[kind])).filter(
        ([name]) => !applied.includes(pathOf(kind, name)),
      ),
    ),
    ...desired.metadata[kind],
  });
  return {
    ...desired,
    metadata: {
      ...desired.metadata,
      labels: merge("labels"),
      annotations: merge("annotations"),
    },
  };
}

/** The manifest in the service as it is: nothing of the service itself changes. */
export function inService(desired: Service, { metadata }: Service): Service {
  return {
    ...desired,
    metadata: {
      name: desired.metadata.name,
      labels: withoutGoogles(metadata.labels),
      annotations: withoutGoogles(metadata.annotations),
    },
  };
}
