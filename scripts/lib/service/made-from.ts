import type { Revision, Service } from "../manifest/knative.ts";

/** On a revision: the commit that a direct deploy made it from; `-dirty` behind it where the work tree differed. */
const COMMIT = "litellm-cloudrun-commit";

/** `SHA`, or `SHA-dirty`, shortened as in a release's name. */
export function describeCommit(
  commit: { sha: string; dirty: boolean } | undefined,
): string | undefined {
  if (commit === undefined) return undefined;
  return `${commit.sha.slice(0, 12)}${commit.dirty ? "-dirty" : ""}`;
}

/** Marks the manifest's revision; undefined: outside of a repository. */
export function withCommit(
  manifest: Service,
  commit: string | undefined,
): Service {
  if (commit === undefined) return manifest;
  const { template } = manifest.spec;
  const annotations = { ...template.metadata?.annotations, [COMMIT]: commit };
  const metadata = { ...template.metadata, annotations };
  const spec = { ...manifest.spec, template: { ...template, metadata } };
  return { ...manifest, spec };
}

/** Undefined where nothing tells: of a revision that somebody made by hand, or that was made outside of a repository. */
export function commitOf({ metadata }: Revision): string | undefined {
  const { annotations, labels } = metadata;
  // A release is named after its commit.
  const ofRelease = /^r-([0-9a-f]{12}(-dirty)?)/.exec(
    labels?.["release-id"] ?? "",
  )?.[1];
  return ofRelease ?? annotations?.[COMMIT];
}
