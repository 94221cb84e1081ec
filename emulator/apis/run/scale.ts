import type { Scale } from "../../machine/runtime/instance.ts";
import type { RunRevision, RunService } from "./state.ts";

const OF_REVISION = "autoscaling.knative.dev";
const OF_SERVICE = "run.googleapis.com";

/** Instances that a revision is promised to have, its own minimum before the service's. */
export function readMinimum(
  service: RunService,
  { template }: RunRevision,
): number {
  return (
    read(template.metadata.annotations, OF_REVISION, "minScale") ??
    read(service.annotations, OF_SERVICE, "minScale") ??
    0
  );
}

/**
 * How many instances a revision has at this moment. The service's minimum is
 * divided by the traffic; its maximum counts all revisions that have traffic, and
 * leaves each of them one.
 */
export function readScale(service: RunService, revision: RunRevision): Scale {
  const { metadata, spec } = revision.template;
  const share = shareOf(service, revision.name);
  const own = read(metadata.annotations, OF_REVISION, "minScale") ?? 0;
  const least = read(service.annotations, OF_SERVICE, "minScale") ?? 0;
  const most = read(metadata.annotations, OF_REVISION, "maxScale") ?? 100;
  const all = read(service.annotations, OF_SERVICE, "maxScale") ?? Infinity;
  const left = Math.max(1, all - countOthers(service, revision));
  return {
    min: Math.max(own, Math.ceil((least * share) / 100)),
    max: share === 0 ? most : Math.min(most, left),
    concurrency: spec.containerConcurrency,
  };
}

/** Percent of the traffic. */
function shareOf(service: RunService, revision: string): number {
  return service.serving
    .filter(({ revisionName }) => revisionName === revision)
    .reduce((sum, { percent = 0 }) => sum + percent, 0);
}

function countOthers(service: RunService, revision: RunRevision): number {
  return [...service.revisions.values()]
    .filter((one) => one !== revision && shareOf(service, one.name) > 0)
    .reduce((sum, { pool }) => sum + (pool?.size ?? 0), 0);
}

function read(
  annotations: Readonly<Record<string, string>>,
  domain: string,
  name: string,
): number | undefined {
  const value = annotations[`${domain}/${name}`];
  return value === undefined ? undefined : Number(value);
}
