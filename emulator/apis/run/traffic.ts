import type { ServingTarget, TrafficTarget } from "./model.ts";
import type { Failure, RunRevision } from "./state.ts";

/** What a service wants and has, as far as routing goes. */
export interface RoutingInput {
  traffic: readonly TrafficTarget[];
  latestCreated: string;
  latestReady: string | undefined;
  revisions: ReadonlyMap<string, Pick<RunRevision, "phase" | "failure">>;
}

export type Routing =
  | { state: "ready"; targets: ServingTarget[] }
  | { state: "pending" }
  | { state: "failed"; failure: Failure };

/** Where the wanted traffic can go: nowhere until every revision that it names, tags included, is ready. */
export function routeTraffic(input: RoutingInput): Routing {
  const targets: ServingTarget[] = [];
  let pending = false;
  for (const target of input.traffic) {
    const name = targetName(input, target);
    const revision = input.revisions.get(name);
    if (revision === undefined) return failed(missing(name));
    if (revision.failure) return failed(notReady(name, revision.failure));
    if (revision.phase === "ready") {
      targets.push({ ...target, revisionName: name });
    } else pending = true;
  }
  return pending ? { state: "pending" } : { state: "ready", targets };
}

/** The revisions that the wanted traffic names, whether they exist or not. */
export function targetNames(input: RoutingInput): Set<string> {
  return new Set(input.traffic.map((target) => targetName(input, target)));
}

/** The latest revision is the latest ready one; but one that was just made is waited for, and its failure counts. */
function targetName(input: RoutingInput, target: TrafficTarget): string {
  if (target.latestRevision !== true) return target.revisionName ?? "";
  const newest = input.revisions.get(input.latestCreated);
  return newest?.phase === "deploying" || newest?.phase === "failed"
    ? input.latestCreated
    : (input.latestReady ?? input.latestCreated);
}

function failed(failure: Failure): Routing {
  return { state: "failed", failure };
}

function missing(name: string): Failure {
  return {
    reason: "RevisionMissing",
    message: `Revision '${name}' does not exist or is deleted. Update all traffic to route to currently available revisions.`,
  };
}

function notReady(name: string, { reason, message }: Failure): Failure {
  return {
    reason,
    message: `Revision '${name}' is not ready and cannot serve traffic. ${message}`,
  };
}
