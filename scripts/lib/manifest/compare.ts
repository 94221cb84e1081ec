import { APPLIED, findApplied } from "./applied.ts";
import {
  type Fields,
  fieldsOf,
  isObject,
  listPaths,
  pathOf,
} from "./field-paths.ts";
import type { Revision, Service } from "./knative.ts";

/** One field in which what runs is not what the manifest says. */
export interface Difference {
  /** `revision.spec.containers[0].resources.limits.memory` */
  path: string;
  actual: unknown;
  /** Undefined: the manifest no longer sets it. */
  desired: unknown;
}

/**
 * Compares the manifest with the revision that serves and the service around
 * it: in the fields that it sets, and in those that it set when they were last
 * written. What was never in it (Google's defaults, and what a person added) is
 * no difference.
 */
export function compareWithServing(
  desired: Service,
  service: Service,
  serving: Revision,
): Difference[] {
  const { template } = desired.spec;
  return [
    ...compareFields(
      fieldsOf(desired.metadata),
      fieldsOf(service.metadata),
      findApplied(service.metadata),
    ),
    ...compareFields(
      fieldsOf(template.metadata, template.spec),
      fieldsOf(serving.metadata, withAskedImage(serving)),
      findApplied(serving.metadata),
    ).map((found) => ({ ...found, path: `revision.${found.path}` })),
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

/** `applied`: undefined where nothing tells what was last written. */
function compareFields(
  desired: Fields,
  actual: Fields,
  applied: readonly string[] = [],
): Difference[] {
  const wanted = new Set(listPaths(desired));
  const there = new Set(listPaths(actual));
  const changed = Object.entries(desired).flatMap(([key, value]) =>
    compareValue(key, value, actual[key as keyof Fields]),
  );
  const removed = applied
    .filter((path) => !wanted.has(path) && there.has(path))
    // A list that differs is told as a whole.
    .filter((path) => !changed.some((found) => path.startsWith(found.path)))
    .map((path) => ({ path, actual: "set", desired: undefined }));
  return [...changed, ...removed];
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
  if (isObject(desired)) {
    if (!isObject(actual)) return [{ path, desired, actual }];
    return Object.entries(desired)
      .filter(([key]) => key !== APPLIED)
      .flatMap(([key, value]) =>
        compareValue(pathOf(path, key), value, actual[key]),
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
