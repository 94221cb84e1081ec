import { isOurTag } from "./intent.ts";
import type { Settings } from "../settings/settings.ts";
import type { Revision, Service, TrafficTarget } from "../manifest/knative.ts";

/** Where a service's traffic goes now. */
export interface Serving {
  /** With `latestRevision` resolved to a name; only entries that take traffic. */
  targets: { revisionName: string; percent: number }[];
  /** The one ready revision that takes all traffic. */
  revision: Revision | undefined;
  /** Tags of this project, of runs that did not end. */
  staleTags: string[];
  /** Entries of the operator's own tags, without percent. */
  ownTags: TrafficTarget[];
  /** It took all traffic at once, and was not verified after. */
  unverified: boolean;
}

export function findServing(service: Service, revisions: Revision[]): Serving {
  const entries = service.status?.traffic ?? [];
  const targets = entries.flatMap((t) =>
    t.revisionName !== undefined && (t.percent ?? 0) > 0
      ? [{ revisionName: t.revisionName, percent: t.percent ?? 0 }]
      : [],
  );
  const [only] = targets;
  const tags = [...entries, ...(service.spec.traffic ?? [])].flatMap((t) =>
    t.tag === undefined ? [] : [t.tag],
  );
  return {
    targets,
    revision:
      targets.length === 1
        ? revisions.find(
            (r) => r.metadata.name === only?.revisionName && cameUp(r),
          )
        : undefined,
    staleTags: [...new Set(tags.filter(isOurTag))],
    ownTags: entries.flatMap(({ tag, revisionName }) =>
      tag === undefined || revisionName === undefined || isOurTag(tag)
        ? []
        : [{ tag, revisionName }],
    ),
    unverified: entries.some(
      ({ tag, revisionName }) =>
        isOurTag(tag ?? "") && revisionName === only?.revisionName,
    ),
  };
}

/** Whether a revision that takes traffic can answer at all. */
export function isProtected(serving: Serving, revisions: Revision[]): boolean {
  return serving.targets.some((target) =>
    revisions.some((r) => r.metadata.name === target.revisionName && cameUp(r)),
  );
}

/** The revision that takes most of the traffic. */
export function findMainRevision({ targets }: Serving): string | undefined {
  return targets.toSorted((a, b) => b.percent - a.percent)[0]?.revisionName;
}

/** The same, whole; undefined where the service serves none, or one that is not there any more. */
export function findMain(
  serving: Serving,
  revisions: Revision[],
): Revision | undefined {
  const name = findMainRevision(serving);
  return revisions.find((r) => r.metadata.name === name);
}

/** Whether a direct deploy of this project made it: Google names the others itself, `SERVICE-00042-abc`. */
export function isOfAttempt(
  { service }: Pick<Settings, "service">,
  { metadata }: Revision,
): boolean {
  const attempt = metadata.name.slice(service.length + 1);
  return (
    metadata.name.startsWith(`${service}-`) && /^[a-z0-9]{4,9}$/.test(attempt)
  );
}

/** Whether its containers passed their startup probe; it stays so when it retires. */
export function cameUp(revision: Revision): boolean {
  return (revision.status?.conditions ?? []).some(
    (c) => c.type === "Ready" && c.status === "True",
  );
}

/** Whether traffic goes to another revision than the newest: in a canary, beside a candidate that failed. */
export function isBetweenRevisions({ status }: Service): boolean {
  return (status?.traffic ?? []).some(
    ({ percent, revisionName }) =>
      (percent ?? 0) > 0 && revisionName !== status?.latestCreatedRevisionName,
  );
}
