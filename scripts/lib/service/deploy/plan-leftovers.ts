import { removeGrant } from "../../google/commands/policies.ts";
import { deleteSecret } from "../../google/commands/secrets.ts";
import { type Grant, holds } from "../../google/policy.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";
import { allKeys, keysOf } from "../../settings/keys.ts";
import type { Settings } from "../../settings/settings.ts";
import { isOurSecret } from "../ownership.ts";
import { ACCESSOR_ROLE, vertexGrant } from "../prepare/plan-access.ts";
import { callsVertexAs, readsSecret, runsAs } from "../sharing.ts";
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
        gcloudStep(
          `Take ${grant.role} from ${serviceAccount}`,
          removeGrant(grant),
        ),
      ),
    ...planOtherKeys(settings, state),
  ];
}

/** Keys that the mode does not need, and no other service reads. */
function planOtherKeys(settings: Settings, state: State): Step[] {
  const used = keysOf(settings.mode).map((key) => key.name);
  return allKeys().flatMap(({ name }) => {
    const secret = state.secrets.keys[name];
    if (used.includes(name) || secret === undefined) return [];
    if (!isOurSecret(secret)) return [];
    if (state.otherServices.some((s) => readsSecret(s, secret.name))) return [];
    const command = deleteSecret(settings, secret.name);
    return [gcloudStep(`Delete secret ${secret.name}`, command)];
  });
}

/**
 * No binding lets everybody in: ACCESS=public needs none. It goes before the
 * new revision is verified where only callers with an identity may come in,
 * and after it serves where clients may still come in by it.
 */
export function planInvokers(
  settings: Settings,
  state: State,
): { before: Step[]; after: Step[] } {
  const { projectId, region, service: name, access } = settings;
  const grant: Grant = {
    on: { kind: "service", projectId, region, name },
    role: "roles/run.invoker",
    member: "allUsers",
  };
  if (!holds(state.serviceBindings, grant.role, grant.member)) {
    return { before: [], after: [] };
  }
  const steps = [
    gcloudStep("Take roles/run.invoker from allUsers", removeGrant(grant)),
  ];
  return access === "iam"
    ? { before: steps, after: [] }
    : { before: [], after: steps };
}
