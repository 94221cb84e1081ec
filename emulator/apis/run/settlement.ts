import { judgeService, updateConditions } from "./conditions.ts";
import { type RunContext, projectOf } from "./context.ts";
import { closeFrontEnds, openFrontEnds } from "./front-ends.ts";
import { nextVersion, timestamp } from "./identifiers.ts";
import { finishOperations } from "./operations.ts";
import {
  poolOf,
  retireRevision,
  startRevision,
  stopInstances,
} from "./revision-start.ts";
import { readScale } from "./scale.ts";
import type { RunRevision, RunService } from "./state.ts";
import { routeTraffic, targetNames } from "./traffic.ts";

/**
 * Brings what runs in line with what a service wants, as far as it can go at
 * once. Called again whenever either changes.
 */
export function settle(
  context: RunContext,
  service: RunService,
): Promise<void> {
  service.settling = service.settling
    .then(() => settleNow(context, service))
    .catch((error: unknown) => {
      const stack = error instanceof Error ? error.stack : undefined;
      context.log(`bug in Cloud Run: ${stack ?? String(error)}`);
    });
  return service.settling;
}

/** Starts a revision and settles the service when it is ready or has failed. */
export function deployRevision(
  context: RunContext,
  service: RunService,
  revision: RunRevision,
): void {
  void startRevision(context, service, revision).then(() => {
    if (service.deleted) return stopInstances(revision);
    if (revision.phase === "ready") rememberReady(service, revision);
    return settle(context, service);
  });
}

/** The latest ready revision is the newest of those that ever became ready. */
export function rememberReady(
  service: RunService,
  revision: RunRevision,
): void {
  const latest = service.revisions.get(service.latestReady ?? "");
  const newer =
    latest === undefined ||
    revision.configurationGeneration >= latest.configurationGeneration;
  if (newer || revision.name === service.latestCreated) {
    service.latestReady = revision.name;
  }
}

async function settleNow(
  context: RunContext,
  service: RunService,
): Promise<void> {
  if (service.deleted) return;
  wakeTargets(context, service);
  const routing = routeTraffic(service);
  if (routing.state === "ready") {
    await openFrontEnds(context, service, routing.targets);
    closeFrontEnds(service, routing.targets);
    keepMinimum(context, service);
  }
  retireIdle(service);
  judge(context, service);
}

/** A retired revision that traffic is to go to again is started again. */
function wakeTargets(context: RunContext, service: RunService): void {
  for (const name of targetNames(service)) {
    const revision = service.revisions.get(name);
    if (revision?.phase === "retired") {
      deployRevision(context, service, revision);
    }
  }
}

/** A service's minimum acts at once, without a new revision. */
function keepMinimum(context: RunContext, service: RunService): void {
  for (const { revisionName } of service.serving) {
    const revision = service.revisions.get(revisionName);
    if (revision === undefined) continue;
    if (readScale(service, revision).min === 0) continue;
    // Its own log says why an instance does not come up.
    void poolOf(context, service, revision)
      .ensure()
      .catch(() => undefined);
  }
}

function retireIdle(service: RunService): void {
  const used = targetNames(service);
  for (const { revisionName } of service.serving) used.add(revisionName);
  for (const revision of service.revisions.values()) {
    if (revision.phase === "ready" && !used.has(revision.name)) {
      retireRevision(revision);
    }
  }
}

function judge(context: RunContext, service: RunService): void {
  const newest = service.revisions.get(service.latestCreated);
  if (newest === undefined) return;
  service.conditions = updateConditions(
    service.conditions,
    judgeService(newest, routeTraffic(service)),
    timestamp(),
  );
  service.version = nextVersion(service.version);
  finishOperations(projectOf(context, service), service);
}
