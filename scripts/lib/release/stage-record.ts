import type { ManifestParameters } from "../manifest/parameters.ts";
import type { Service } from "../manifest/knative.ts";
import { idOf } from "../pipeline/pipeline-state.ts";
import {
  INGRESS,
  INVOKER_OPEN,
  MAX_SCALE,
  MIN_SCALE,
  type OwnFields,
  listOwnChanges,
  ownFieldsOf,
} from "../service/own-fields.ts";
import type { Release } from "./release-state.ts";

/** What a release brings to one of its stages. It stands on the release, an annotation a stage. */
export interface StageRecord {
  /** What the stage's manifest was filled in with, the release's own parameters aside. */
  parameters: ManifestParameters;
  /** The service's own fields when the release was made; undefined: there was no service. */
  before?: OwnFields | undefined;
  /** Those that come with all of the traffic. */
  after: OwnFields;
}

/** Own fields that releases of version 0.1 had as parameters of their targets. */
const OLD_FIELDS: [name: string, parameter: string][] = [
  [INGRESS, "ingress"],
  [INVOKER_OPEN, "invokerIamDisabled"],
  [MIN_SCALE, "minInstances"],
  [MAX_SCALE, "maxInstances"],
];

function recordAnnotation(env: string): string {
  return `litellm-cloudrun-stage-${env}`;
}

export function formatRecords(
  records: ReadonlyMap<string, StageRecord>,
): Record<string, string> {
  return Object.fromEntries(
    [...records].map(([env, record]) => [
      recordAnnotation(env),
      JSON.stringify(record),
    ]),
  );
}

/** The same for a screen: that they are there, not what they say. */
export function shortenRecords(
  records: ReadonlyMap<string, StageRecord>,
): Record<string, string> {
  return Object.fromEntries(
    [...records.keys()].map((env) => [recordAnnotation(env), "…"]),
  );
}

/** What the release brings to the stage; of a release of version 0.1, what its target said. */
export function recordOf(release: Release, env: string): StageRecord {
  const text = release.annotations?.[recordAnnotation(env)];
  if (text !== undefined) return JSON.parse(text) as StageRecord;
  const { targetSnapshots = [] } = release;
  const parameters =
    targetSnapshots.find((t) => idOf(t) === env)?.deployParameters ?? {};
  const after = OLD_FIELDS.flatMap(([name, parameter]) => {
    const value = parameters[parameter];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { parameters, after: Object.fromEntries(after) };
}

/** What became of a service since a release was made that has not come there yet. */
export function listChangesSinceMade(
  release: Release,
  env: string,
  service: Service | undefined,
): string[] {
  const { before } = recordOf(release, env);
  if (before === undefined || service === undefined) return [];
  if (service.metadata.labels?.["release-id"] === idOf(release)) return [];
  return listOwnChanges(before, ownFieldsOf(service));
}

/** In what a service is not what a release left, of the fields that the release set. */
export function listChangesSinceServed(
  release: Release,
  env: string,
  now: OwnFields,
): string[] {
  const { after } = recordOf(release, env);
  const known = Object.entries(now).filter(([name]) => name in after);
  return listOwnChanges(after, Object.fromEntries(known));
}
