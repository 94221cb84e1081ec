import { isOurRevision } from "./ownership.ts";
import type { Revision, Service } from "../manifest/knative.ts";
import { type Serving, cameUp, findMainRevision } from "./serving.ts";

/**
 * On a revision: the name of the one that served when it was made. Only what
 * served is ever named, so that a candidate that failed, or one that traffic
 * was taken back from, is never gone back to.
 */
const PREDECESSOR = "litellm-cloudrun-replaces";

/** Marks the manifest's revision with what serves now. */
export function withPredecessor(
  manifest: Service,
  serving: Serving | undefined,
): Service {
  const name = serving && findMainRevision(serving);
  if (name === undefined) return manifest;
  const { template } = manifest.spec;
  const annotations = {
    ...template.metadata?.annotations,
    [PREDECESSOR]: name,
  };
  const metadata = { ...template.metadata, annotations };
  const spec = { ...manifest.spec, template: { ...template, metadata } };
  return { ...manifest, spec };
}

/** The revisions of ours that served before `name` did, latest first. */
export function listPredecessors(
  revisions: readonly Revision[],
  name: string,
): Revision[] {
  const find = (wanted: string | undefined): Revision | undefined =>
    revisions.find((r) => r.metadata.name === wanted);
  const chain: Revision[] = [];
  let current = find(name);
  while (current !== undefined) {
    const earlier = find(current.metadata.annotations?.[PREDECESSOR]);
    // Annotations can be written by hand: a circle ends the search.
    if (earlier === undefined || chain.includes(earlier)) break;
    chain.push(earlier);
    current = earlier;
  }
  return chain.filter(
    (r) => r.metadata.name !== name && isOurRevision(r) && cameUp(r),
  );
}
