import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { GoogleError } from "../../core/google-error.ts";
import { newRevisionName, nextVersion, timestamp } from "./identifiers.ts";
import type { RevisionTemplate } from "./model.ts";
import type { RunRevision, RunService } from "./state.ts";

const CLIENT_ANNOTATIONS = /^run\.googleapis\.com\/client-(name|version)$/;

/** The revision to make; undefined where one with this content, or of this name, is there. */
export function planRevision(
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
    pool: undefined,
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

/** The entries whose names do not match. */
export function without(
  map: Readonly<Record<string, string>>,
  names: RegExp,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).filter(([name]) => !names.test(name)),
  );
}

function taken(revision: string): GoogleError {
  return new GoogleError(
    "ALREADY_EXISTS",
    `Revision named '${revision}' with different configuration already exists.`,
  );
}
