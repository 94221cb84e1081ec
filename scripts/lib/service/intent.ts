import type { Revision, Service } from "../manifest/knative.ts";

/** What a run does with a revision before it gives it the traffic. */
export type Intent = "deploy" | "rollback";

/**
 * A traffic tag of this project: while a revision has one, it was not proven, and
 * the run that gave it the tag did not end. It stands beside what it is about, so
 * the next run knows what was meant.
 */
export interface Unfinished {
  tag: string;
  intent: Intent;
  revisionName: string;
  /** Of the service, right after the tag was given; undefined: the tag does not tell (0.1.0). */
  generation: number | undefined;
}

const PREFIXES = { deploy: "cand", rollback: "back" } as const;

/** `cand-GENERATION-ATTEMPT`; `cand-ATTEMPT` of 0.1.0. Any other tag is the operator's. */
const TAG = /^(cand|back)-(?:([0-9a-z]{1,3})-)?[0-9a-z]{4,9}$/;

/** Three digits in base 36: with them a tag and the longest SERVICE stay below Cloud Run's limit of 46 characters. */
const GENERATIONS = 36 ** 3;

/** `generation`: of the service, once it has the tag. */
export function tagFor(
  intent: Intent,
  generation: number,
  attempt: string,
): string {
  const digits = (generation % GENERATIONS).toString(36);
  return `${PREFIXES[intent]}-${digits}-${attempt}`;
}

export function isOurTag(tag: string): boolean {
  return TAG.test(tag);
}

/** What runs of this project left half done, in the order of the traffic. */
export function listUnfinished({ status }: Service): Unfinished[] {
  return (status?.traffic ?? []).flatMap(({ tag = "", revisionName }) => {
    const [, prefix, digits] = TAG.exec(tag) ?? [];
    if (prefix === undefined || revisionName === undefined) return [];
    return [
      {
        tag,
        intent: prefix === PREFIXES.deploy ? "deploy" : "rollback",
        revisionName,
        generation: digits === undefined ? undefined : parseInt(digits, 36),
      },
    ];
  });
}

/**
 * What can be gone on with: of this intent, on the service as it was left, with
 * a revision that came up or still starts. An older one is not resumed blindly.
 */
export function findResumable(
  service: Service,
  revisions: readonly Revision[],
  intent: Intent,
): { unfinished: Unfinished; revision: Revision } | undefined {
  const now = (service.metadata.generation ?? 0) % GENERATIONS;
  for (const unfinished of listUnfinished(service).reverse()) {
    const revision = revisions.find(
      (r) => r.metadata.name === unfinished.revisionName,
    );
    if (
      unfinished.intent === intent &&
      unfinished.generation === now &&
      revision !== undefined &&
      !hasFailed(revision)
    ) {
      return { unfinished, revision };
    }
  }
  return undefined;
}

/** On a revision, or a rollout, that a rollback made: what it brings back, the revision or the release. */
export const RESTORES = "litellm-cloudrun-restores";

/** For people: what is found half done and is given up. */
export function describeGivenUp({
  intent,
  revisionName,
  tag,
}: Unfinished): string {
  return `an earlier ${intent} did not end: ${revisionName} has the tag ${tag} still; it is given up`;
}

function hasFailed({ status }: Revision): boolean {
  return (status?.conditions ?? []).some(
    (c) => c.type === "Ready" && c.status === "False",
  );
}
