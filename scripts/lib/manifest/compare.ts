import type { Revision, Service } from "./knative.ts";

/** One field in which what runs is not what the manifest says. */
export interface Difference {
  /** `containers[0].resources.limits.memory` */
  path: string;
  actual: unknown;
  desired: unknown;
}

/**
 * Compares the manifest with the revision that serves and the service around
 * it, in the fields that the manifest sets: Google fills in others.
 */
export function compareWithServing(
  desired: Service,
  service: Service,
  serving: Revision,
): Difference[] {
  return [
    ...compareMaps("labels", desired.metadata.labels, service.metadata.labels),
    ...compareMaps(
      "annotations",
      desired.metadata.annotations,
      service.metadata.annotations,
    ),
    ...compareMaps(
      "revision.annotations",
      desired.spec.template.metadata?.annotations,
      serving.metadata.annotations,
    ),
    ...compareValue(
      "revision.spec",
      desired.spec.template.spec,
      withAskedImage(serving),
    ),
  ];
}

/** Cloud Run may show the digest of the image; the annotation keeps what was asked for. */
export function withAskedImage(revision: Revision): Revision["spec"] {
  const asked =
    revision.metadata.annotations?.["client.knative.dev/user-image"];
  const [first, ...rest] = revision.spec.containers;
  if (asked === undefined || first === undefined) return revision.spec;
  const resolved = first.image.replace(/@sha256:.*$/, "");
  const sameRepository = asked.startsWith(resolved.replace(/:[^:/]*$/, ""));
  if (!sameRepository) return revision.spec;
  return {
    ...revision.spec,
    containers: [{ ...first, image: asked }, ...rest],
  };
}

function compareMaps(
  path: string,
  desired: Record<string, string> = {},
  actual: Record<string, string> = {},
): Difference[] {
  return Object.entries(desired).flatMap(([key, value]) =>
    actual[key] === value
      ? []
      : [{ path: `${path}[${key}]`, desired: value, actual: actual[key] }],
  );
}

/** Maps may hold more than was asked for; lists are ours as a whole. */
function compareValue(
  path: string,
  desired: unknown,
  actual: unknown,
): Difference[] {
  if (Array.isArray(desired)) {
    if (!Array.isArray(actual) || actual.length !== desired.length) {
      return [{ path, desired, actual }];
    }
    return desired.flatMap((item, index) =>
      compareValue(`${path}[${String(index)}]`, item, actual[index]),
    );
  }
  if (isMap(desired)) {
    if (!isMap(actual)) return [{ path, desired, actual }];
    return Object.entries(desired).flatMap(([key, value]) =>
      compareValue(`${path}.${key}`, value, actual[key]),
    );
  }
  return sameScalar(desired, actual) ? [] : [{ path, desired, actual }];
}

/** Cloud Run gives `cpu: "1"` back as `1000m`. */
function sameScalar(desired: unknown, actual: unknown): boolean {
  if (desired === actual) return true;
  return (
    typeof desired === "string" &&
    typeof actual === "string" &&
    /^\d+$/.test(desired) &&
    actual === `${desired}000m`
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
