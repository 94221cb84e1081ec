import { disableVersion } from "../../google/commands/secrets.ts";
import type { Command } from "../../google/gcloud.ts";
import { updateTraffic } from "../../google/commands/run.ts";
import { APPLIED } from "../../manifest/applied.ts";
import { type Difference, compareWithServing } from "../../manifest/compare.ts";
import { listDropped } from "../../manifest/dropped.ts";
import type { Revision, Service } from "../../manifest/knative.ts";
import { type SecretPins, toParameters } from "../../manifest/parameters.ts";
import {
  renderManifest,
  withRevision,
} from "../../manifest/render-manifest.ts";
import { inService, withServiceFields } from "../../manifest/service-fields.ts";
import { type Plan, gcloudStep } from "../../plan/step.ts";
import { revisionName } from "../attempt.ts";
import {
  type Candidate,
  type WholeService,
  verifyStep,
} from "../candidate-steps.ts";
import { candidateTraffic, planAtOnce, planCandidate } from "../candidate.ts";
import { type ByHand, findByHand } from "../changes/by-hand.ts";
import type { ServiceEffects } from "../effects.ts";
import {
  describeGivenUp,
  findResumable,
  listUnfinished,
  tagFor,
} from "../intent.ts";
import { withCommit } from "../made-from.ts";
import { withMode } from "../../manifest/mode-mark.ts";
import { isOurService } from "../ownership.ts";
import { pinsOfRevision } from "../pins.ts";
import { withPredecessor } from "../predecessor.ts";
import { newestEnabled } from "../prepare/secret-version.ts";
import {
  type Serving,
  findServing,
  isOfAttempt,
  isProtected,
} from "../serving.ts";
import type { State } from "../state/state.ts";
import { replaceStep } from "../write-service.ts";
import type { DeployInput } from "./input.ts";

export interface ServicePlan {
  plan: Plan<ServiceEffects>;
  /** The revision that serves in the end. */
  revision: string;
  /** In which fields the serving revision is not what it should be; undefined: nothing serves. */
  differences: Difference[] | undefined;
  /** What of them somebody changed past this project; undefined: nothing. */
  byHand: ByHand | undefined;
  /** What somebody added to the revision that serves, and the new one will not have. */
  dropped: string[];
  /** What is found half done, and what becomes of it. */
  found: string[];
}

/** What is wanted, and what there is of it. */
interface Situation {
  input: DeployInput;
  state: State;
  /** The manifest as this env has it. */
  desired: Service;
  pins: SecretPins;
}

/**
 * Nothing where the serving revision is the desired one. Where another one
 * serves, a candidate at 0 % is verified before it takes the traffic; where
 * none does, the new revision takes it at once and is verified after. What an
 * earlier run left half done is gone on with where it is what is wanted.
 */
export function planService(
  input: DeployInput,
  state: State,
  pins: SecretPins,
): ServicePlan {
  const { settings } = input;
  const { service } = state;
  const parameters = toParameters(settings, pins);
  const rendered = renderManifest(input.manifest, {
    own: settings,
    parameters,
  });
  const desired = withServiceFields(rendered, service);
  const situation: Situation = { input, state, desired, pins };
  const serving = service && findServing(service, state.revisions);
  if (
    service === undefined ||
    serving === undefined ||
    !isProtected(serving, state.revisions)
  ) {
    return planFirst(situation, serving);
  }
  const differences =
    serving.revision === undefined
      ? [{ path: "traffic", actual: serving.targets, desired: "one revision" }]
      : compareWithServing(desired, service, serving.revision);
  if (differences.length === 0 && isOurService(service)) {
    return planUnchanged(situation, service, serving);
  }
  return planChange(situation, service, serving, differences);
}

/** What serves is what is wanted; where it was never verified, that is made up for. */
function planUnchanged(
  { input }: Situation,
  service: Service,
  serving: Serving,
): ServicePlan {
  const { settings } = input;
  const revision = serving.revision?.metadata.name ?? "";
  const left = listUnfinished(service);
  const command = updateTraffic(settings, { removeTags: serving.staleTags });
  return {
    plan: [
      serving.unverified ? [verifyStep(settings, revision, undefined)] : [],
      left.length === 0
        ? []
        : [gcloudStep("Remove the tags of earlier candidates", command)],
    ],
    revision,
    differences: [],
    byHand: undefined,
    dropped: [],
    found: left.map((unfinished) =>
      unfinished.revisionName === revision
        ? `an earlier run did not end: ${revision} serves, and was not verified yet`
        : describeGivenUp(unfinished),
    ),
  };
}

/** A candidate beside what serves: the one that an earlier run brought up, or a new one. */
function planChange(
  situation: Situation,
  service: Service,
  serving: Serving,
  differences: Difference[],
): ServicePlan {
  const { input, state, desired } = situation;
  const { settings } = input;
  const generation = service.metadata.generation ?? 0;
  const resumed = findWanted(situation, service);
  const revision =
    resumed?.revision.metadata.name ??
    revisionName(settings.service, input.attempt);
  const tag =
    resumed?.unfinished.tag ?? tagFor("deploy", generation + 1, input.attempt);
  const named = nameRevision(situation, revision, serving);
  const traffic = candidateTraffic(serving, revision, tag);
  const manifest = inService(withTraffic(named, traffic), service);
  const candidate: Candidate = {
    settings,
    revision,
    tag,
    bringUp:
      resumed === undefined
        ? replaceStep(
            { settings, state, manifest },
            `Bring up candidate ${revision} at 0 %`,
          )
        : undefined,
    service,
    undo: listRefusedKeys(situation, serving.revision),
  };
  const whole = toWhole(named, service, serving, differences);
  const others = listUnfinished(service).filter((left) => left.tag !== tag);
  return {
    plan: planCandidate(candidate, serving, whole),
    revision,
    differences,
    byHand:
      serving.revision &&
      findByHand(
        { settings, desired },
        service,
        serving.revision,
        state.revisions,
      ),
    dropped: listAdded(situation, serving),
    found: [
      ...(resumed === undefined
        ? []
        : [`an earlier run did not end: its candidate ${revision} is taken`]),
      ...others.map(describeGivenUp),
    ],
  };
}

/** Nothing serves that could be harmed. */
function planFirst(
  situation: Situation,
  serving: Serving | undefined,
): ServicePlan {
  const { input, state } = situation;
  const { settings } = input;
  const { service } = state;
  const generation = service?.metadata.generation ?? 0;
  const resumed = service && findWanted(situation, service);
  const revision =
    resumed?.revision.metadata.name ??
    revisionName(settings.service, input.attempt);
  const tag =
    resumed?.unfinished.tag ?? tagFor("deploy", generation + 1, input.attempt);
  const named = nameRevision(situation, revision, serving);
  const traffic = [{ revisionName: revision, percent: 100, tag }];
  const step = replaceStep(
    { settings, state, manifest: withTraffic(named, traffic) },
    `Deploy revision ${revision}`,
  );
  return {
    plan: planAtOnce({
      settings,
      revision,
      tag,
      bringUp: resumed === undefined ? step : undefined,
      service,
    }),
    revision,
    differences: undefined,
    byHand: undefined,
    dropped: [],
    found:
      resumed === undefined
        ? []
        : [`an earlier run did not end: its revision ${revision} is taken`],
  };
}

/** The manifest of a new revision, which says what it comes after and what it was made from. */
function nameRevision(
  { input, desired }: Situation,
  revision: string,
  serving: Serving | undefined,
): Service {
  const named = withRevision(desired, revision, []);
  const marked = withMode(withPredecessor(named, serving), input.settings.mode);
  return withCommit(marked, input.commit);
}

/** What an earlier deploy brought up, where it is exactly what is wanted now. */
function findWanted(
  { state, desired }: Situation,
  service: Service,
): ReturnType<typeof findResumable> {
  const resumable = findResumable(service, state.revisions, "deploy");
  if (resumable === undefined) return undefined;
  const isWanted = compareWithServing(
    desired,
    service,
    resumable.revision,
  ).every(({ path }) => !path.startsWith("revision."));
  return isWanted ? resumable : undefined;
}

function withTraffic(
  manifest: Service,
  traffic: NonNullable<Service["spec"]["traffic"]>,
): Service {
  return { ...manifest, spec: { ...manifest.spec, traffic } };
}

/** Where the service itself is to change, or to be marked: it does with the traffic, and not before. */
function toWhole(
  named: Service,
  service: Service,
  serving: Serving,
  differences: readonly Difference[],
): WholeService | undefined {
  const paths = differences
    .map((found) => found.path)
    .filter((path) => !path.startsWith("revision.") && path !== "traffic");
  const mark = service.metadata.annotations?.[APPLIED];
  const isMarked = mark === named.metadata.annotations?.[APPLIED];
  if (paths.length === 0 && isMarked && isOurService(service)) return undefined;
  const revision = named.spec.template.metadata?.name ?? "";
  return {
    manifest: withTraffic(named, [
      { revisionName: revision, percent: 100 },
      ...serving.ownTags,
    ]),
    changes: paths.length === 0 ? "the service's marks" : paths.join(", "),
  };
}

/**
 * A key that the gate refuses must not be today's for whoever comes next: its
 * version is disabled, where what serves has another one that works.
 */
function listRefusedKeys(
  { input, state, pins }: Situation,
  serving: Revision | undefined,
): Command[] {
  const { settings } = input;
  if (serving === undefined) return [];
  const { keys } = pinsOfRevision(serving.spec);
  return settings.keys.flatMap(({ name, secret }) => {
    const wanted = pins.keys[name];
    const proven = keys[name];
    const stored = state.secrets.keys[name];
    const works = stored?.versions.some(
      (v) => String(v.number) === proven?.version && v.state === "ENABLED",
    );
    const isNew =
      wanted !== undefined &&
      proven?.secret === secret &&
      proven.version !== wanted &&
      Number(wanted) >= (newestEnabled(stored) ?? 0);
    return isNew && works === true
      ? [disableVersion(settings, secret, Number(wanted))]
      : [];
  });
}

/** By hand, to a revision that this project did not make. */
function listAdded(
  { input, state, desired }: Situation,
  { revision }: Serving,
): string[] {
  const { settings } = input;
  if (revision === undefined || isOfAttempt(settings, revision)) return [];
  const own = state.revisions.filter((r) => isOfAttempt(settings, r));
  return listDropped(desired, revision, own);
}
