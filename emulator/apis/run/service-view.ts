import type { Project } from "../../core/cloud.ts";
import { judgeConfiguration, judgeRoute } from "./conditions.ts";
import { encodeVersion } from "./identifiers.ts";
import type { Condition, ServiceMessage } from "./model.ts";
import { readIngress } from "./service-settings.ts";
import type { RunService } from "./state.ts";
import { routeTraffic } from "./traffic.ts";

const API_VERSION = "serving.knative.dev/v1";

/** A service as Cloud Run v1 shows it. */
export function showService(project: Project, service: RunService): object {
  const { latestReady, frontEnd } = service;
  return {
    apiVersion: API_VERSION,
    kind: "Service",
    metadata: {
      ...showIdentity(project, service, "services"),
      annotations: showAnnotations(service),
    },
    spec: showSpec(service),
    status: {
      observedGeneration: service.generation,
      conditions: service.conditions,
      latestCreatedRevisionName: service.latestCreated,
      ...(latestReady !== undefined && {
        latestReadyRevisionName: latestReady,
      }),
      ...(service.serving.length > 0 && { traffic: service.serving }),
      ...(frontEnd && { url: frontEnd.url, address: { url: frontEnd.url } }),
    },
  };
}

/** A service that was only checked (`dryRun=all`). */
export function showDryRun(project: Project, service: RunService): object {
  const { labels, annotations } = service;
  return {
    apiVersion: API_VERSION,
    kind: "Service",
    metadata: {
      name: service.name,
      namespace: project.projectNumber,
      labels,
      annotations,
    },
    spec: showSpec(service),
  } satisfies ServiceMessage;
}

/** What makes the revisions of a service. */
export function showConfiguration(
  project: Project,
  service: RunService,
): object {
  const newest = service.revisions.get(service.latestCreated);
  return {
    apiVersion: API_VERSION,
    kind: "Configuration",
    metadata: showIdentity(project, service, "configurations"),
    spec: { template: service.template },
    status: {
      observedGeneration: service.generation,
      conditions: newest
        ? [toReady(service, "ConfigurationsReady", judgeConfiguration(newest))]
        : [],
      latestCreatedRevisionName: service.latestCreated,
      ...(service.latestReady !== undefined && {
        latestReadyRevisionName: service.latestReady,
      }),
    },
  };
}

/** What leads to the revisions of a service. */
export function showRoute(project: Project, service: RunService): object {
  const { frontEnd } = service;
  return {
    apiVersion: API_VERSION,
    kind: "Route",
    metadata: showIdentity(project, service, "routes"),
    spec: { traffic: service.traffic },
    status: {
      observedGeneration: service.generation,
      conditions: [
        toReady(service, "RoutesReady", judgeRoute(routeTraffic(service))),
      ],
      ...(service.serving.length > 0 && { traffic: service.serving }),
      ...(frontEnd && { url: frontEnd.url, address: { url: frontEnd.url } }),
    },
  };
}

function showIdentity(
  { projectNumber }: Project,
  service: RunService,
  collection: "services" | "configurations" | "routes",
): object {
  const { name, region } = service;
  return {
    name,
    namespace: projectNumber,
    selfLink: `/apis/serving.knative.dev/v1/namespaces/${projectNumber}/${collection}/${name}`,
    uid: service.uid,
    resourceVersion: encodeVersion(service.version),
    generation: service.generation,
    creationTimestamp: service.createdAt,
    labels: { ...service.labels, "cloud.googleapis.com/location": region },
  };
}

function showAnnotations(service: RunService): Record<string, string> {
  const ingress = readIngress(service);
  const { url } = service.frontEnd ?? {};
  return {
    ...service.annotations,
    "run.googleapis.com/ingress": ingress,
    "run.googleapis.com/ingress-status": ingress,
    "run.googleapis.com/operation-id": service.operationId,
    ...(url !== undefined && {
      "run.googleapis.com/urls": JSON.stringify([url]),
    }),
    "serving.knative.dev/creator": service.creator,
    "serving.knative.dev/lastModifier": service.lastModifier,
  };
}

function showSpec({ template, traffic }: RunService) {
  return { template, traffic };
}

function toReady(
  { conditions, createdAt }: RunService,
  type: string,
  verdict: ReturnType<typeof judgeRoute>,
): Condition {
  const at = conditions.find((condition) => condition.type === type);
  return {
    type: "Ready",
    ...verdict,
    lastTransitionTime: at?.lastTransitionTime ?? createdAt,
  };
}
