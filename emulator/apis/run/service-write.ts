import { randomUUID } from "node:crypto";
import type { Member, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { newPolicy } from "../../core/policy.ts";
import { fillTemplate, fillTraffic } from "./defaults.ts";
import { decodeVersion, nextVersion, timestamp } from "./identifiers.ts";
import type { RevisionTemplate, ServiceMessage } from "./model.ts";
import { quotaOf } from "./quota.ts";
import { checkMessage, checkService } from "./rules/service.ts";
import { planRevision, without } from "./revision-plan.ts";
import type { RunRevision, RunService } from "./state.ts";

/** What Google writes itself and clients send back. */
const OUTPUT_ANNOTATIONS =
  /^(serving\.knative\.dev\/(creator|lastModifier)|run\.googleapis\.com\/(ingress-status|operation-id|urls))$/;

/** A write to a service: whose, where, what. */
export interface ServiceWrite {
  caller: Member;
  project: Project;
  region: string;
  /** Undefined to create one. */
  existing: RunService | undefined;
  message: ServiceMessage;
}

/**
 * The service as it is after the write, and the revision that the write makes.
 * The stored service is untouched. Throws INVALID_ARGUMENT, ABORTED on a stale
 * `resourceVersion`, ALREADY_EXISTS on a revision name that is taken.
 */
export function planWrite(write: ServiceWrite): {
  service: RunService;
  revision: RunRevision | undefined;
} {
  const { project, region, existing, message } = write;
  const { projectId, projectNumber } = project;
  const place = { projectId, projectNumber, region };
  checkMessage(message, {
    ...place,
    ...(existing !== undefined && { name: existing.name }),
  });
  const { name = "", labels = {}, annotations = {} } = message.metadata ?? {};
  if (existing) requireFresh(existing, message.metadata?.resourceVersion);
  const account = `${projectNumber}-compute@developer.gserviceaccount.com`;
  const quota = quotaOf(project, region);
  const template = fillTemplate(message.spec?.template ?? {}, account, quota);
  const traffic = fillTraffic(message.spec?.traffic);
  checkService(name, template, traffic, annotations, quotaOf(project, region));
  const service: RunService = {
    ...(existing ?? newService(write, name, template)),
    lastModifier: emailOf(write.caller),
    generation: (existing?.generation ?? 0) + 1,
    operationId: randomUUID(),
    labels: without(labels, /^cloud\.googleapis\.com\/location$/),
    annotations: without(annotations, OUTPUT_ANNOTATIONS),
    template,
    traffic,
  };
  return { service, revision: planRevision(service, existing) };
}

function newService(
  { caller, project, region }: ServiceWrite,
  name: string,
  template: RevisionTemplate,
): RunService {
  return {
    projectId: project.projectId,
    region,
    name,
    uid: randomUUID(),
    createdAt: timestamp(),
    creator: emailOf(caller),
    lastModifier: emailOf(caller),
    version: nextVersion(),
    generation: 0,
    operationId: "",
    labels: {},
    annotations: {},
    template,
    traffic: [],
    policy: newPolicy(),
    revisions: new Map(),
    latestCreated: "",
    latestReady: undefined,
    serving: [],
    conditions: [],
    frontEnd: undefined,
    tagFrontEnds: new Map(),
    deleted: false,
    settling: Promise.resolve(),
  };
}

function requireFresh(
  { name, version }: RunService,
  resourceVersion: string | undefined,
): void {
  if (resourceVersion === undefined) return;
  const sent = decodeVersion(resourceVersion);
  if (sent === version) return;
  throw new GoogleError(
    "ABORTED",
    `Conflict for resource '${name}': version '${sent}' was specified but current version is '${version}'.`,
  );
}

function emailOf(member: Member): string {
  return member.slice(member.indexOf(":") + 1);
}
