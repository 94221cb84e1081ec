import type { Document } from "yaml";
import { type Fields, fieldsOf, listLeaves } from "./field-paths.ts";
import type { Metadata, Service } from "./knative.ts";

/**
 * On a service and on a revision: the paths of what the manifest set there. With
 * them, what is no longer in the manifest is told from what never was (Google's
 * defaults, and what a person added).
 */
export const APPLIED = "litellm-cloudrun-applied";

/** Marks the manifest's service and its revision with their own paths. */
export function markApplied(document: Document): void {
  const { metadata, spec } = document.toJS() as Service;
  const { template } = spec;
  const service = fieldsOf(metadata);
  const revision = fieldsOf(template.metadata, template.spec);
  document.setIn(["metadata", "annotations", APPLIED], toMark(service));
  document.setIn(
    ["spec", "template", "metadata", "annotations", APPLIED],
    toMark(revision),
  );
}

/** Undefined on what has no mark: an earlier version of this project, or somebody else, made it. */
export function findApplied(
  metadata: Partial<Metadata> | undefined,
): string[] | undefined {
  const mark = metadata?.annotations?.[APPLIED];
  return mark?.split(" ").filter((path) => path !== "");
}

/** Paths hold no spaces: names of labels, annotations and fields have none. */
function toMark(fields: Fields): string {
  return listLeaves(fields).join(" ");
}
