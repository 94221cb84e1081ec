import { UserError } from "../../cli/errors.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import {
  destroyVersion,
  disableVersion,
  updateSecret,
} from "../../google/commands/secrets.ts";
import type { Revision, RevisionSpec } from "../../manifest/knative.ts";
import { remakeManifest } from "../../manifest/remake-manifest.ts";
import { type Plan, type Step, compact, gcloudStep } from "../../plan/step.ts";
import type { Key } from "../../settings/keys.ts";
import type { Settings } from "../../settings/settings.ts";
import { type Attempt, revisionName } from "../attempt.ts";
import { candidateTraffic, planCandidate } from "../candidate.ts";
import type { Candidate } from "../candidate-steps.ts";
import type { DeployEffects, ServiceEffects } from "../effects.ts";
import { isOurService, isOwnedByCloudDeploy } from "../ownership.ts";
import { findMain, findServing, isBetweenRevisions } from "../serving.ts";
import { findResumable, tagFor } from "../intent.ts";
import { pinsOfRevision, withTodaysKeys } from "../pins.ts";
import { withPredecessor } from "../predecessor.ts";
import type { NewKey } from "../prepare/input.ts";
import { storeKey } from "../prepare/plan-keys.ts";
import { newestEnabled, nextVersion } from "../prepare/secret-version.ts";
import { findSource } from "../rollback/rollback-source.ts";
import type { SecretState, State } from "../state/state.ts";
import { replaceStep } from "../write-service.ts";

/** Thirty days: within them a version that was destroyed by mistake can be enabled again. */
const DESTROY_TTL = "2592000s";

export interface RotateInput extends Attempt {
  key: Key;
}

export interface Rotation {
  input: RotateInput;
  state: State;
  secret: SecretState;
  serving: Revision;
  /** What the revision that serves is pinned to. */
  pinned: number;
  /** The newest enabled version. */
  newest: number;
  /** Enabled ones before it that nothing that may serve names. */
  unused: number[];
  /** Other services that read the secret. */
  users: { service: string; version: number }[];
}

export interface RotatePlan {
  plan: Plan<DeployEffects>;
  /** The version that serves in the end. */
  version: number;
  /** The revision that does. */
  revision: string;
  /** What is found half done, and what becomes of it. */
  found: string[];
}

/** Throws UserError where nothing of this project serves with the key. */
export function findRotation(input: RotateInput, state: State): Rotation {
  const { settings, key } = input;
  const from = findSubject(settings, state);
  const secret = state.secrets.keys[key.name];
  const pin = pinsOfRevision(from.spec).keys[key.name];
  const newest = newestEnabled(secret);
  if (
    secret === undefined ||
    newest === undefined ||
    pin?.secret !== secret.name
  ) {
    throw new UserError(
      `what serves in env ${settings.env} has no ${key.title} from secret ${key.secret}`,
      { hint: `Deploy it first: ${scriptCommand("deploy", settings.env)}` },
    );
  }
  const pinned = Number(pin.version);
  return {
    input,
    state,
    secret,
    serving: from,
    pinned,
    newest,
    unused: listUnused({ input, state, secret }, Math.max(pinned, newest)),
    users: state.otherServices.flatMap(({ metadata, spec }) => {
      const version = pinOf(input, spec.template.spec);
      return version === undefined ? [] : [{ service: metadata.name, version }];
    }),
  };
}

/** The revision that serves, whoever brought it. */
function findSubject(settings: Settings, state: State): Revision {
  const { service, revisions } = state;
  const from =
    service !== undefined && isOwnedByCloudDeploy(service)
      ? findMain(findServing(service, revisions), revisions)
      : undefined;
  return from ?? findSource(settings, state).from;
}

/**
 * Whether a key is to be made: an earlier rotation, or a deploy, may have stored one already, or have left the old one.
 * Under Cloud Deploy a rotation lasts until the last stage that shares the secret has let the old version go.
 */
export function needsKey(rotation: Rotation): boolean {
  const { pinned, newest, unused, secret } = rotation;
  if (newest > pinned || unused.length > 0) return false;
  return !isStaged(rotation) || listOlder(secret, pinned).length === 0;
}

/**
 * The key is stored, a revision of what serves is pinned to it and proven, and the old version goes. Under Cloud Deploy a
 * release brings that revision: the old version goes when it is run again once the release serves.
 */
export function planRotate(
  rotation: Rotation,
  key: NewKey | undefined,
): RotatePlan {
  const { secret, pinned, newest, serving, unused } = rotation;
  const staged = isStaged(rotation);
  if (key === undefined && newest <= pinned) {
    return {
      plan: compact([planDestruction(rotation, pinned)]),
      version: pinned,
      revision: serving.metadata.name,
      found: [
        unused.length > 0
          ? `an earlier rotation did not end: version ${unused.join(", ")} of ${secret.name} is left`
          : `version ${listOlder(secret, pinned).join(", ")} of ${secret.name} stays for now: another service names it, or is in its canary`,
      ],
    };
  }
  const version = key === undefined ? newest : nextVersion(secret);
  if (staged) {
    return {
      plan: key === undefined ? [] : [planStore(rotation, key, version)],
      version,
      revision: serving.metadata.name,
      found:
        key === undefined
          ? [
              `version ${String(version)} of ${secret.name} is stored already, and waits for a release`,
            ]
          : [],
    };
  }
  const { plan, revision, found } = planMove(rotation, version);
  return {
    plan: compact<DeployEffects>([
      key === undefined ? [] : [planStore(rotation, key, version)],
      ...plan,
      planDestruction(rotation, version),
    ]),
    version,
    revision,
    found: [
      ...(key === undefined
        ? [
            `version ${String(version)} of ${secret.name} is stored already, and does not serve here: it is taken`,
          ]
        : []),
      ...found,
    ],
  };
}

/** Whether releases bring this service's revisions. */
export function isStaged({ state }: Pick<Rotation, "state">): boolean {
  return state.service !== undefined && isOwnedByCloudDeploy(state.service);
}

function planStore(
  { input, secret }: Rotation,
  key: NewKey,
  version: number,
): Step<DeployEffects>[] {
  const { settings } = input;
  const ttl = updateSecret(settings, secret.name, { destroyTtl: DESTROY_TTL });
  return [
    ...(secret.destroyTtl === undefined
      ? [
          gcloudStep(
            `Let versions of ${secret.name} be brought back for 30 days`,
            ttl,
          ),
        ]
      : []),
    storeKey(settings, secret.name, key, version),
  ];
}

/** What serves, pinned to another version, through the gate. */
function planMove(
  { input, state, secret, pinned }: Rotation,
  version: number,
): { plan: Plan<ServiceEffects>; revision: string; found: string[] } {
  const { settings, attempt, key } = input;
  const { service, serving, from } = findSource(settings, state);
  const resumable = findResumable(service, state.revisions, "deploy");
  const resumed =
    resumable !== undefined && pinOf(input, resumable.revision.spec) === version
      ? resumable
      : undefined;
  const generation = service.metadata.generation ?? 0;
  const revision =
    resumed?.revision.metadata.name ?? revisionName(settings.service, attempt);
  const tag =
    resumed?.unfinished.tag ?? tagFor("deploy", generation + 1, attempt);
  const change = {
    key,
    secret: secret.name,
    today: version,
    superseded: true,
    reason: "",
  };
  const made = remakeManifest(service, from, {
    name: revision,
    spec: withTodaysKeys(settings, from.spec, [change]),
    traffic: candidateTraffic(serving, revision, tag),
  });
  const manifest = withPredecessor(made, serving);
  const title = `Bring up ${revision}, ${from.metadata.name} with the new ${key.title}, at 0 %`;
  const candidate: Candidate = {
    settings,
    revision,
    tag,
    bringUp:
      resumed === undefined
        ? replaceStep({ settings, state, manifest }, title)
        : undefined,
    service,
    undo:
      version > pinned ? [disableVersion(settings, secret.name, version)] : [],
  };
  return {
    plan: planCandidate(candidate, serving, undefined),
    revision,
    found:
      resumed === undefined
        ? []
        : [`an earlier run did not end: its candidate ${revision} is taken`],
  };
}

function planDestruction(
  { input, state, secret }: Rotation,
  version: number,
): Step[] {
  const { settings } = input;
  return listUnused({ input, state, secret }, version).map((number) =>
    gcloudStep(
      `Destroy version ${String(number)} of secret ${secret.name}, which nothing names any more`,
      destroyVersion(settings, secret.name, number),
    ),
  );
}

/**
 * Enabled versions before `version` that no other service and none of the operator's tags leads to. None while a service
 * that this does not move is between two revisions: its older one may still need one.
 */
function listUnused(
  { input, state, secret }: Pick<Rotation, "input" | "state" | "secret">,
  version: number,
): number[] {
  const unmoved = [
    ...(isStaged({ state }) ? [state.service] : []),
    ...state.otherServices.filter(isOurService),
  ];
  if (unmoved.some((s) => s !== undefined && isBetweenRevisions(s))) return [];
  const tagged = (state.service?.status?.traffic ?? [])
    .filter((t) => (t.percent ?? 0) === 0)
    .map((t) => t.revisionName);
  const named = [
    ...state.otherServices.map((s) => s.spec.template.spec),
    ...state.revisions
      .filter((r) => tagged.includes(r.metadata.name))
      .map((r) => r.spec),
  ].map((spec) => pinOf(input, spec));
  return listOlder(secret, version).filter((n) => !named.includes(n));
}

/** Enabled versions before `version`. */
function listOlder(secret: SecretState, version: number): number[] {
  return secret.versions
    .filter((v) => v.state === "ENABLED" && v.number < version)
    .map((v) => v.number);
}

/** The version that a spec is pinned to; undefined: it does not read this secret. */
function pinOf({ key }: RotateInput, spec: RevisionSpec): number | undefined {
  const pin = pinsOfRevision(spec).keys[key.name];
  return pin?.secret === key.secret ? Number(pin.version) : undefined;
}
