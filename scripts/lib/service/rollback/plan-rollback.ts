import { updateTraffic } from "../../google/commands/run.ts";
import type { Revision, Service } from "../../manifest/knative.ts";
import { remakeManifest } from "../../manifest/remake-manifest.ts";
import { type Plan, type Step, gcloudStep } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import { type Attempt, revisionName } from "../attempt.ts";
import { candidateTraffic, planAtOnce, planCandidate } from "../candidate.ts";
import type { Candidate } from "../candidate-steps.ts";
import type { ServiceEffects } from "../effects.ts";
import {
  RESTORES,
  describeGivenUp,
  findResumable,
  listUnfinished,
  tagFor,
} from "../intent.ts";
import {
  type KeyChange,
  listKeyChanges,
  pinsOfRevision,
  withTodaysKeys,
} from "../pins.ts";
import { type Serving, cameUp, isProtected } from "../serving.ts";
import type { State } from "../state/state.ts";
import { hasTag, orDoneBefore, replaceStep } from "../write-service.ts";
import { chooseRevision } from "./choose-revision.ts";
import { type RollbackSource, findSource } from "./rollback-source.ts";

export interface RollbackInput extends Attempt {
  /** The revision to go back to; undefined: the latest that served before. */
  to: string | undefined;
}

export interface RollbackPlan {
  plan: Plan<ServiceEffects>;
  from: Revision;
  to: Revision;
  /** The revision that serves in the end: `to`, or a new one that is the same with today's keys. */
  revision: string;
  /** Why `to` itself cannot serve again; empty where it does. */
  reasons: string[];
  /** What is found half done, and what becomes of it. */
  found: string[];
}

/** Gives all traffic to an earlier revision, through the same gate as a deploy's candidate. */
export function planRollback(input: RollbackInput, state: State): RollbackPlan {
  const source = findSource(input.settings, state);
  return (
    planServing(input, source) ??
    planResumed(input, source, state) ??
    planNew(input, source, state)
  );
}

/** What is asked for serves already. */
function planServing(
  { to }: RollbackInput,
  { from, serving }: RollbackSource,
): RollbackPlan | undefined {
  const { name, annotations } = from.metadata;
  const isThere =
    to !== undefined && [name, annotations?.[RESTORES]].includes(to);
  if (!isThere || serving.staleTags.length > 0) return undefined;
  return { plan: [], from, to: from, revision: name, reasons: [], found: [] };
}

/** What an earlier rollback began, where nobody changed the service since, and no other revision is asked for. */
function planResumed(
  input: RollbackInput,
  { service, serving, from }: RollbackSource,
  state: State,
): RollbackPlan | undefined {
  const { settings } = input;
  const resumable = findResumable(service, state.revisions, "rollback");
  if (resumable === undefined) return undefined;
  const { unfinished, revision } = resumable;
  const { name, annotations } = revision.metadata;
  const restores = annotations?.[RESTORES];
  if (input.to !== undefined && ![name, restores].includes(input.to)) {
    return undefined;
  }
  const to = state.revisions.find((r) => r.metadata.name === restores);
  const candidate: Candidate = {
    settings,
    revision: name,
    tag: unfinished.tag,
    bringUp: undefined,
    service,
    undo: [],
  };
  const serves = from.metadata.name === name;
  return {
    plan: serves
      ? planAtOnce(candidate)
      : planCandidate(candidate, serving, undefined),
    from,
    to: to ?? revision,
    revision: name,
    reasons: [],
    found: [`an earlier rollback did not end: it is gone on with, to ${name}`],
  };
}

function planNew(
  input: RollbackInput,
  { service, serving, from }: RollbackSource,
  state: State,
): RollbackPlan {
  const { settings, attempt } = input;
  const to = chooseRevision(settings, state, from.metadata.name, input.to);
  const changes = listKeyChanges(settings, state, pinsOfRevision(to.spec));
  const reasons = [
    ...changes.map((change) => change.reason),
    ...findBrokenNewest(service, state),
  ];
  const generation = service.metadata.generation ?? 0;
  const situation: Situation = {
    settings,
    state,
    service,
    serving,
    to,
    changes,
    tag: tagFor("rollback", generation + 1, attempt),
    guarded: isProtected(serving, state.revisions),
  };
  const found = listUnfinished(service).map(describeGivenUp);
  if (reasons.length === 0) {
    const revision = to.metadata.name;
    const plan = planReturn(situation);
    return { plan, from, to, revision, reasons, found };
  }
  const revision = revisionName(settings.service, attempt);
  const plan = planRemake(situation, revision);
  return { plan, from, to, revision, reasons, found };
}

interface Situation {
  settings: Settings;
  state: State;
  service: Service;
  serving: Serving;
  to: Revision;
  changes: readonly KeyChange[];
  tag: string;
  /** Something serves that must not be harmed. */
  guarded: boolean;
}

/** While its newest revision failed, Cloud Run calls the whole service not ready, and gcloud every change of it failed. */
function findBrokenNewest(service: Service, state: State): string[] {
  const name = service.status?.latestCreatedRevisionName;
  const newest = state.revisions.find((r) => r.metadata.name === name);
  if (newest === undefined || cameUp(newest)) return [];
  return [
    `the newest revision, ${newest.metadata.name}, did not come up, and Cloud Run holds that against the service until there is a newer one`,
  ];
}

function planReturn(situation: Situation): Plan<ServiceEffects> {
  const { settings, serving, to, tag, guarded } = situation;
  const name = to.metadata.name;
  const command = updateTraffic(settings, {
    ...(!guarded && { to: name }),
    removeTags: serving.staleTags,
    updateTags: { [tag]: name },
  });
  const title = guarded
    ? `Bring up ${name} at 0 %`
    : `Give all traffic to ${name}`;
  const candidate = toCandidate(situation, name, {
    ...gcloudStep(title, command),
    run: async (effects) => {
      await orDoneBefore(
        effects,
        () => effects.gcloud(command),
        (now) => hasTag(now, tag),
      );
    },
  });
  return guarded
    ? planCandidate(candidate, serving, undefined)
    : planAtOnce(candidate);
}

function planRemake(situation: Situation, name: string): Plan<ServiceEffects> {
  const { settings, state, service, serving, to, changes, tag, guarded } =
    situation;
  const made = remakeManifest(service, to, {
    name,
    spec: withTodaysKeys(settings, to.spec, changes),
    traffic: guarded
      ? candidateTraffic(serving, name, tag)
      : [{ revisionName: name, percent: 100, tag }],
  });
  const manifest = withRestores(made, to.metadata.name);
  const title = `Make ${name} of ${to.metadata.name}${guarded ? ", at 0 %" : ""}`;
  const step = replaceStep({ settings, state, manifest }, title);
  const candidate = toCandidate(situation, name, step);
  return guarded
    ? planCandidate(candidate, serving, undefined)
    : planAtOnce(candidate);
}

function toCandidate(
  { settings, service, tag }: Situation,
  revision: string,
  bringUp: Step<ServiceEffects>,
): Candidate {
  return { settings, revision, tag, bringUp, service, undo: [] };
}

function withRestores(manifest: Service, name: string): Service {
  const { template } = manifest.spec;
  const annotations = { ...template.metadata?.annotations, [RESTORES]: name };
  const metadata = { ...template.metadata, annotations };
  const spec = { ...manifest.spec, template: { ...template, metadata } };
  return { ...manifest, spec };
}
