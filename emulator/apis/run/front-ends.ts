import { hasPermission } from "../../core/policy.ts";
import { allows } from "../../core/roles.ts";
import type { Backend, Route } from "../../machine/runtime/instance.ts";
import { type RunContext, projectOf } from "./context.ts";
import type { ServingTarget } from "./model.ts";
import { writeInstanceLog } from "./instance-log.ts";
import { poolOf } from "./revision-start.ts";
import { isSet, readCustomAudiences, readIngress } from "./service-settings.ts";
import type { RunService } from "./state.ts";

const INVOKE = "run.routes.invoke";

/** Routes traffic to the targets: from now on the service's URL, and that of each tag, lead there. */
export async function openFrontEnds(
  context: RunContext,
  service: RunService,
  targets: readonly ServingTarget[],
): Promise<void> {
  if (!isSet(service, "default-url-disabled")) {
    service.frontEnd ??= await context.runtime.listen(() =>
      routeOf(context, service, (target) => (target.percent ?? 0) > 0),
    );
    for (const { tag } of targets) {
      if (tag === undefined || service.tagFrontEnds.has(tag)) continue;
      const frontEnd = await context.runtime.listen(() =>
        tagRouteOf(context, service, tag),
      );
      service.tagFrontEnds.set(tag, frontEnd);
    }
  }
  service.serving = targets.map((target) => {
    const { url } = service.tagFrontEnds.get(target.tag ?? "") ?? {};
    return { ...target, ...(url !== undefined && { url }) };
  });
}

/** Closes the URLs of tags that are gone, or every URL where the default one is switched off. */
export function closeFrontEnds(
  service: RunService,
  targets: readonly ServingTarget[],
): void {
  if (isSet(service, "default-url-disabled")) {
    closeService(service);
    return;
  }
  const tags = new Set(targets.map(({ tag }) => tag));
  for (const [tag, frontEnd] of service.tagFrontEnds) {
    if (tags.has(tag)) continue;
    service.tagFrontEnds.delete(tag);
    void frontEnd.close();
  }
}

/** Closes every URL of a service. */
export function closeService(service: RunService): void {
  void service.frontEnd?.close();
  service.frontEnd = undefined;
  for (const frontEnd of service.tagFrontEnds.values()) void frontEnd.close();
  service.tagFrontEnds.clear();
}

function tagRouteOf(
  context: RunContext,
  service: RunService,
  tag: string,
): Route {
  const route = routeOf(context, service, (target) => target.tag === tag);
  return {
    ...route,
    backends: route.backends.map((backend) => ({ ...backend, percent: 100 })),
  };
}

function routeOf(
  context: RunContext,
  service: RunService,
  takes: (target: ServingTarget) => boolean,
): Route {
  // Whoever is not let in by the ingress setting finds nothing, and every caller here comes from outside.
  const open = readIngress(service) === "all";
  const backends = service.serving
    .filter((target) => open && takes(target))
    .flatMap((target) => toBackend(context, service, target));
  return {
    backends,
    mayInvoke: invokerCheck(context, service),
    audiences: [
      ...[service.frontEnd, ...service.tagFrontEnds.values()].flatMap(
        (frontEnd) => frontEnd?.url ?? [],
      ),
      ...readCustomAudiences(service),
    ],
  };
}

function toBackend(
  context: RunContext,
  service: RunService,
  { revisionName, percent = 0 }: ServingTarget,
): Backend[] {
  const revision = service.revisions.get(revisionName);
  if (revision === undefined) return [];
  return [
    {
      percent,
      take: (signal) => poolOf(context, service, revision).take(signal),
      log: (entry) => {
        const project = projectOf(context, service);
        writeInstanceLog(project, service, revision, entry);
      },
    },
  ];
}

function invokerCheck(
  context: RunContext,
  service: RunService,
): Route["mayInvoke"] {
  const open = service.policy.bindings.some(
    ({ role, members, condition }) =>
      condition === undefined &&
      members.includes("allUsers") &&
      allows(role, INVOKE),
  );
  if (open || isSet(service, "invoker-iam-disabled")) return undefined;
  const policies = [projectOf(context, service).policy, service.policy];
  return (caller) => hasPermission(policies, caller, INVOKE);
}
