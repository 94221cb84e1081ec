import { compareWithServing } from "../../manifest/compare.ts";
import {
  CREATOR,
  type Revision,
  type Service,
} from "../../manifest/knative.ts";
import type { Settings } from "../../settings/settings.ts";
import { isOwnedByCloudDeploy } from "../ownership.ts";
import { isOfAttempt } from "../serving.ts";

/** What somebody changed past this project. */
export interface ByHand {
  /** The revision that serves. */
  revision: string;
  /** By email; undefined where Cloud Run does not tell. */
  by: string | undefined;
  /** Fields in which the last revision of this project is as it should be, and the one that serves is not. */
  paths: string[];
}

/**
 * A comparison of three: what is desired, the last revision that a deploy of this
 * project made, and the one that serves, which somebody else made. Undefined
 * where it is one of this project's, or none of these is left.
 */
export function findByHand(
  { settings, desired }: { settings: Settings; desired: Service },
  service: Service,
  serving: Revision,
  revisions: readonly Revision[],
): ByHand | undefined {
  if (isOfAttempt(settings, serving) || isOwnedByCloudDeploy(service)) {
    return undefined;
  }
  const base = revisions.find((revision) => isOfAttempt(settings, revision));
  if (base === undefined) return undefined;
  const compare = (revision: Revision): string[] =>
    compareWithServing(desired, service, revision).map(({ path }) => path);
  const wanted = compare(base);
  return {
    revision: serving.metadata.name,
    by: serving.metadata.annotations?.[CREATOR],
    paths: compare(serving).filter(
      (path) => path.startsWith("revision.") && !wanted.includes(path),
    ),
  };
}
