import { removeGrant } from "../../google/commands/policies.ts";
import { disableVersion } from "../../google/commands/secrets.ts";
import { type Grant, holds } from "../../google/policy.ts";
import { type Step, gcloudStep, removalStep } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import { isOurSecret } from "../ownership.ts";
import { ACCESSOR_ROLE, vertexGrant } from "../prepare/plan-access.ts";
import { pinsOfRevision } from "../pins.ts";
import { callsVertexAs, runsAs } from "../sharing.ts";
import type { Revision, RevisionSpec } from "../../manifest/knative.ts";
import { modeOf } from "../../manifest/mode-mark.ts";
import type { State } from "../state/state.ts";

/**
 * What the service needs no more once the new revision serves: the other
 * mode's role or key, and what the bash flow granted too widely.
 */
export function planLeftovers(settings: Settings, state: State): Step[] {
  const { serviceAccount } = settings;
  const others = state.otherServices;
  const vertex = vertexGrant(settings);
  const callsVertex =
    settings.mode === "vertex" ||
    others.some((s) => callsVertexAs(s, serviceAccount));
  const reads = others.some((s) => runsAs(s, serviceAccount));
  const roles: Grant[] = [
    ...(callsVertex ? [] : [vertex]),
    ...(reads ? [] : [{ ...vertex, role: ACCESSOR_ROLE }]),
  ];
  return [
    ...roles
      .filter(({ role, member }) => holds(state.projectBindings, role, member))
      .map((grant) =>
        removalStep(
          `Take ${grant.role} from ${serviceAccount}`,
          removeGrant(grant),
        ),
      ),
    ...planOtherKeys(settings, state),
  ];
}

/**
 * The keys that this service read before in another mode, and that it does not
 * need now: their versions are disabled, where no other service is pinned to
 * them. Those of an earlier config of the same mode stay: a rollback brings that
 * config back. A key cannot be got back: clean.ts removes the secret, and nothing
 * else.
 */
function planOtherKeys(settings: Settings, state: State): Step[] {
  const used = settings.keys.map((key) => key.name);
  const [same, others] = [true, false].map((isSame) =>
    state.revisions.filter(
      ({ metadata, spec }) =>
        (modeOf(metadata, spec) === settings.mode) === isSame,
    ),
  ) as [Revision[], Revision[]];
  return Object.entries(state.secrets.keys).flatMap(([name, secret]) => {
    if (used.includes(name) || secret === undefined) return [];
    if (!isOurSecret(secret)) return [];
    const isPinned = (spec: RevisionSpec, version: number): boolean => {
      const pin = pinsOfRevision(spec).keys[name];
      return pin?.secret === secret.name && pin.version === String(version);
    };
    return secret.versions
      .filter(({ state: now }) => now === "ENABLED")
      .map(({ number }) => number)
      .filter((number) => others.some((r) => isPinned(r.spec, number)))
      .filter((number) => !same.some((r) => isPinned(r.spec, number)))
      .filter(
        (number) =>
          !state.otherServices.some((s) =>
            isPinned(s.spec.template.spec, number),
          ),
      )
      .map((number) =>
        gcloudStep(
          `Disable version ${String(number)} of secret ${secret.name}: MODE=${settings.mode} needs it no more`,
          disableVersion(settings, secret.name, number),
        ),
      );
  });
}

/**
 * No binding lets everybody in: ACCESS=public needs none, ACCESS=iam wants none.
 * It goes once the new revision serves, like everything that guards the service.
 */
export function planInvokers(settings: Settings, state: State): Step[] {
  const { projectId, region, service: name } = settings;
  const grant: Grant = {
    on: { kind: "service", projectId, region, name },
    role: "roles/run.invoker",
    member: "allUsers",
  };
  if (!holds(state.serviceBindings, grant.role, grant.member)) return [];
  return [
    removalStep("Take roles/run.invoker from allUsers", removeGrant(grant)),
  ];
}
