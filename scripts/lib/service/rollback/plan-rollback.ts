import { describeService, updateTraffic } from "../../google/commands/run.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { Revision, Service } from "../../manifest/knative.ts";
import { remakeManifest } from "../../manifest/remake-manifest.ts";
import { type Plan, type Step, gcloudStep } from "../../plan/step.ts";
import { type Attempt, candidateTag, revisionName } from "../attempt.ts";
import {
  candidateTraffic,
  planAtOnce,
  planCandidate,
  replaceStep,
} from "../candidate.ts";
import type { ServiceEffects } from "../effects.ts";
import { checkGeneration } from "../foreign-change.ts";
import {
  type KeyChange,
  listKeyChanges,
  pinsOfRevision,
  withTodaysKeys,
} from "../pins.ts";
import { type Serving, cameUp, isProtected } from "../serving.ts";
import type { State } from "../state/state.ts";
import { chooseRevision } from "./choose-revision.ts";
import { findSource } from "./rollback-source.ts";

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
}

/** Gives all traffic to an earlier revision, through the same gate as a deploy's candidate. */
export function planRollback(input: RollbackInput, state: State): RollbackPlan {
  const { settings } = input;
  const { service, serving, from } = findSource(settings, state);
  const to = chooseRevision(settings, state, from.metadata.name, input.to);
  const changes = listKeyChanges(settings, state, pinsOfRevision(to.spec));
  const reasons = [
    ...changes.map((change) => change.reason),
    ...findBrokenNewest(service, state),
  ];
  const situation: Situation = {
    input,
    state,
    service,
    serving,
    to,
    changes,
    guarded: isProtected(serving, state.revisions),
  };
  if (reasons.length === 0) {
    const revision = to.metadata.name;
    return { plan: planReturn(situation), from, to, revision, reasons };
  }
  const revision = revisionName(settings.service, input.attempt);
  return { plan: planRemake(situation, revision), from, to, revision, reasons };
}

interface Situation {
  input: RollbackInput;
  state: State;
  service: Service;
  serving: Serving;
  to: Revision;
  changes: readonly KeyChange[];
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
  const { input, service, serving, to, guarded } = situation;
  const { settings } = input;
  const name = to.metadata.name;
  const removeTags = serving.staleTags;
  const generation = service.metadata.generation ?? 0;
  if (!guarded) {
    const command = updateTraffic(settings, { to: name, removeTags });
    const step = gcloudStep(`Give all traffic to ${name}`, command);
    return planAtOnce(input, name, { step, generation });
  }
  const bringUp = updateTraffic(settings, {
    removeTags,
    updateTags: { [candidateTag(input.attempt)]: name },
  });
  const step = gcloudStep(`Bring up ${name} at 0 %`, bringUp);
  return planCandidate(input, name, { step, generation }, [
    generationStep(situation),
  ]);
}

function planRemake(situation: Situation, name: string): Plan<ServiceEffects> {
  const { input, state, service, serving, to, changes, guarded } = situation;
  const manifest = remakeManifest(service, to, {
    name,
    spec: withTodaysKeys(input.settings, to.spec, changes),
    traffic: guarded
      ? candidateTraffic(input, serving, name)
      : [{ revisionName: name, percent: 100 }],
  });
  const title = `Make ${name} of ${to.metadata.name}${guarded ? ", at 0 %" : ""}`;
  const step = replaceStep(input, state, manifest, title);
  return guarded
    ? planCandidate(input, name, step)
    : planAtOnce(input, name, step);
}

/** A change of traffic does not tell the generation that it made. */
function generationStep({ input, state, to }: Situation): Step {
  const { settings } = input;
  const tag = candidateTag(input.attempt);
  const did = `gave revision ${to.metadata.name} the tag ${tag}`;
  const command = describeService(settings);
  return {
    title: "See that nobody else changes the service",
    preview: formatCommand(command),
    run: async (effects) => {
      const service = JSON.parse(await effects.gcloud(command)) as Service;
      await checkGeneration(effects, { settings, state, did }, service);
    },
  };
}
