import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Member, Project } from "../cloud.ts";
import { GoogleError } from "../google-error.ts";
import { newPolicy } from "../policy.ts";
import { fillTemplate, fillTraffic } from "./defaults.ts";
import {
  decodeVersion,
  newRevisionName,
  nextVersion,
  timestamp,
} from "./identifiers.ts";
import type { RevisionTemplate, ServiceMessage } from "./model.ts";
import { checkMessage, checkService } from "./rules/service.ts";
import type { RunRevision, RunService } from "./state.ts";

/** What Google writes itself and clients send back. */
const OUTPUT_ANNOTATIONS =
  /^(serving\.knative\.dev\/(creator|lastModifier)|run\.googleapis\.com\/(ingress-status|operation-id|urls))$/;
const CLIENT_ANNOTATIONS = /^run\.googleapis\.com\/client-(name|version)$/;

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
  const template = fillTemplate(message.spec?.template ?? {}, account);
  const traffic = fillTraffic(message.spec?.traffic);
  checkService(name, template, traffic, annotations);
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

/** The revision to make; undefined where one with this content, or of this name, is there. */
function planRevision(
  service: RunService,
  existing: RunService | undefined,
): RunRevision | undefined {
  const { template } = service;
  const { name } = template.metadata;
  const named = service.revisions.get(name ?? "");
  if (named !== undefined) {
    if (!isSameTemplate(named.template, template)) throw taken(named.name);
    return undefined;
  }
  const unchanged = existing && isSameTemplate(existing.template, template);
  if (name === undefined && unchanged) return undefined;
  return {
    name: name ?? newRevisionName(service.name, service.generation),
    uid: randomUUID(),
    createdAt: timestamp(),
    creator: service.lastModifier,
    operationId: service.operationId,
    configurationGeneration: service.generation,
    template,
    version: nextVersion(),
    phase: "deploying",
    wasReady: false,
    failure: undefined,
    image: undefined,
    conditions: [],
    instance: undefined,
  };
}

/** Two templates make the same revision: names aside, and which client wrote them. */
function isSameTemplate(one: RevisionTemplate, other: RevisionTemplate) {
  return isDeepStrictEqual(essence(one), essence(other));
}

function essence({ metadata, spec }: RevisionTemplate): object {
  const annotations = without(metadata.annotations, CLIENT_ANNOTATIONS);
  return { labels: metadata.labels, annotations, spec };
}

function without(
  map: Readonly<Record<string, string>>,
  names: RegExp,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).filter(([name]) => !names.test(name)),
  );
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

function taken(revision: string): GoogleError {
  return new GoogleError(
    "ALREADY_EXISTS",
    `Revision named '${revision}' with different configuration already exists.`,
  );
}

function emailOf(member: Member): string {
  return member.slice(member.indexOf(":") + 1);
}
