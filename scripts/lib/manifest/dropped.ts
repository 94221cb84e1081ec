import { APPLIED } from "./applied.ts";
import { withoutGoogles } from "./googles-fields.ts";
import { MODE } from "./mode-mark.ts";
import { RELEASED } from "./stage-manifest.ts";
import type { Metadata, Revision, RevisionSpec, Service } from "./knative.ts";

/**
 * What a person gave the revision that serves (a revision that this project did
 * not make), and a revision of the manifest will not have: variables, volumes,
 * labels and annotations by name. What the revisions that this project made
 * (`own`) have too is Google's.
 */
export function listDropped(
  desired: Service,
  serving: Revision,
  own: readonly Revision[],
): string[] {
  const known = new Set([
    ...listNames(
      desired.spec.template.metadata ?? {},
      desired.spec.template.spec,
    ),
    ...own.flatMap((r) => listNames(r.metadata, r.spec)),
    `annotation ${APPLIED}`,
    `annotation ${MODE}`,
    `annotation ${RELEASED}`,
  ]);
  return listNames(serving.metadata, serving.spec).filter(
    (name) => !known.has(name),
  );
}

/** What of a revision has a name that a person would know it by. */
function listNames(
  { labels, annotations }: Partial<Metadata>,
  { containers, volumes = [] }: RevisionSpec,
): string[] {
  return [
    ...Object.keys(withoutGoogles(labels)).map((name) => `label ${name}`),
    ...Object.keys(withoutGoogles(annotations)).map(
      (name) => `annotation ${name}`,
    ),
    ...volumes.map(({ name }) => `volume ${name}`),
    ...containers.slice(1).map(({ image }) => `container ${image}`),
    ...containers
      .flatMap(({ env = [] }) => env)
      .map(({ name }) => `variable ${name}`),
  ];
}
