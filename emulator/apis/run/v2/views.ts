import type { Project } from "../../../core/cloud.ts";
import { encodeVersion } from "../identifiers.ts";
import type { Condition, TrafficTarget } from "../model.ts";
import {
  isSet,
  readCustomAudiences,
  readIngress,
} from "../service-settings.ts";
import type { RunOperation, RunRevision, RunService } from "../state.ts";
import { scalingV2, showTemplateV2, withoutSystem } from "./template.ts";

const INGRESS: Record<string, string> = {
  all: "INGRESS_TRAFFIC_ALL",
  internal: "INGRESS_TRAFFIC_INTERNAL_ONLY",
  "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
};

const STATES = {
  True: "CONDITION_SUCCEEDED",
  False: "CONDITION_FAILED",
  Unknown: "CONDITION_RECONCILING",
};

/** Reasons that v2 has in the field for those of revisions; the others are in the common one. */
const OF_REVISIONS = [
  "HEALTH_CHECK_CONTAINER_ERROR",
  "RETIRED",
  "MIN_INSTANCES_NOT_PROVISIONED",
];

const COMMON = [
  "CONTAINER_MISSING",
  "CONTAINER_PERMISSION_DENIED",
  "SECRETS_ACCESS_CHECK_FAILED",
  "REVISION_FAILED",
  "INTERNAL",
];

/** A service as Cloud Run v2 shows it. */
export function showServiceV2(project: Project, service: RunService): object {
  const { annotations, frontEnd, generation, latestReady } = service;
  const name = `${parentOf(project, service)}/services/${service.name}`;
  const audiences = readCustomAudiences(service);
  const description = annotations["run.googleapis.com/description"];
  return {
    name,
    uid: service.uid,
    generation: String(generation),
    observedGeneration: String(generation),
    ...withoutSystem("labels", service.labels),
    ...withoutSystem("annotations", annotations),
    ...(description !== undefined && { description }),
    createTime: service.createdAt,
    updateTime: updatedAt(service.conditions, service.createdAt),
    creator: service.creator,
    lastModifier: service.lastModifier,
    ingress: INGRESS[readIngress(service)],
    ...(isSet(service, "invoker-iam-disabled") && { invokerIamDisabled: true }),
    ...(isSet(service, "default-url-disabled") && { defaultUriDisabled: true }),
    ...(audiences.length > 0 && { customAudiences: audiences }),
    launchStage: annotations["run.googleapis.com/launch-stage"] ?? "GA",
    scaling: scalingV2(
      annotations["run.googleapis.com/minScale"],
      annotations["run.googleapis.com/maxScale"],
    ),
    template: {
      ...showTemplateV2(service.template),
      ...(service.template.metadata.name !== undefined && {
        revision: service.template.metadata.name,
      }),
    },
    traffic: service.traffic.map(showTarget),
    ...showConditions(service.conditions),
    latestCreatedRevision: `${name}/revisions/${service.latestCreated}`,
    ...(latestReady !== undefined && {
      latestReadyRevision: `${name}/revisions/${latestReady}`,
    }),
    ...(service.serving.length > 0 && {
      trafficStatuses: service.serving.map(({ url, ...target }) => ({
        ...showTarget(target),
        ...(url !== undefined && { uri: url }),
      })),
    }),
    ...(frontEnd && { uri: frontEnd.url, urls: [frontEnd.url] }),
    etag: encodeVersion(service.version),
  };
}

/** A revision as Cloud Run v2 shows it. */
export function showRevisionV2(
  project: Project,
  service: RunService,
  revision: RunRevision,
): object {
  const { image, name } = revision;
  const parent = `${parentOf(project, service)}/services/${service.name}`;
  return {
    name: `${parent}/revisions/${name}`,
    uid: revision.uid,
    generation: "1",
    observedGeneration: "1",
    service: service.name,
    createTime: revision.createdAt,
    updateTime: updatedAt(revision.conditions, revision.createdAt),
    creator: revision.creator,
    launchStage: "GA",
    ...showTemplateV2(revision.template),
    ...withoutReady(showConditions(revision.conditions)),
    ...(image && {
      containerStatuses: [
        {
          name: revision.template.spec.containers[0].name,
          imageDigest: image.withDigest,
        },
      ],
    }),
    etag: encodeVersion(revision.version),
  };
}

/** An operation with what it made in v2's form. */
export function showOperationV2(
  project: Project,
  operation: RunOperation,
  service: RunService | undefined,
): object {
  const { id, region, result } = operation;
  const name = `projects/${project.projectId}/locations/${region}/operations/${id}`;
  if (result === undefined) return { name };
  if (!("response" in result) || service === undefined) {
    return { name, done: true, ...result };
  }
  const type = "type.googleapis.com/google.cloud.run.v2.Service";
  const response = { "@type": type, ...showServiceV2(project, service) };
  return { name, done: true, response };
}

function parentOf({ projectId }: Project, { region }: RunService): string {
  return `projects/${projectId}/locations/${region}`;
}

function showTarget(target: TrafficTarget): object {
  const { latestRevision, revisionName, percent, tag } = target;
  const type = latestRevision === true ? "LATEST" : "REVISION";
  return {
    type: `TRAFFIC_TARGET_ALLOCATION_TYPE_${type}`,
    ...(revisionName !== undefined && { revision: revisionName }),
    ...(percent !== undefined && { percent }),
    ...(tag !== undefined && { tag }),
  };
}

/** v1's "Ready" is v2's terminal condition of a service; a revision has all in the list. */
function showConditions(conditions: readonly Condition[]): {
  terminalCondition?: object;
  conditions: object[];
  reconciling?: true;
} {
  const ready = conditions.find(({ type }) => type === "Ready");
  const others = conditions.filter((condition) => condition !== ready);
  return {
    ...(ready && { terminalCondition: showCondition(ready) }),
    conditions: others.map(showCondition),
    ...(ready?.status === "Unknown" && { reconciling: true as const }),
  };
}

function withoutReady({
  terminalCondition,
  conditions,
  ...rest
}: ReturnType<typeof showConditions>): object {
  const all = [terminalCondition, ...conditions].filter(Boolean);
  return { ...rest, conditions: all };
}

function showCondition(condition: Condition): object {
  const { type, status, reason, message, severity } = condition;
  const code = (reason ?? "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
    .toUpperCase();
  return {
    type,
    state: STATES[status],
    ...(message !== undefined && { message }),
    lastTransitionTime: condition.lastTransitionTime,
    ...(severity !== undefined && { severity: severity.toUpperCase() }),
    ...(OF_REVISIONS.includes(code) && { revisionReason: code }),
    ...(COMMON.includes(code) && { reason: code }),
  };
}

function updatedAt(conditions: readonly Condition[], created: string): string {
  return conditions
    .map(({ lastTransitionTime }) => lastTransitionTime)
    .reduce((latest, time) => (time > latest ? time : latest), created);
}
