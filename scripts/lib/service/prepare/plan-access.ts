import * as commands from "../../google/commands/service.ts";
import type { Mode, Settings } from "../../settings/settings.ts";
import { isOurAccount } from "../ownership.ts";
import type { Binding, SecretState, State } from "../state/state.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";

export const VERTEX_ROLE = "roles/aiplatform.user";
export const ACCESSOR_ROLE = "roles/secretmanager.secretAccessor";

/** APIs that must be enabled, by mode. A Gemini key brings its own project's API. */
export function neededApis(mode: Mode): string[] {
  return [
    "iam.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    ...(mode === "vertex" ? ["aiplatform.googleapis.com"] : []),
  ];
}

export function planApis(settings: Settings, state: State): Step[] {
  const missing = neededApis(settings.mode).filter(
    (api) => !state.enabledApis.has(api),
  );
  if (missing.length === 0) return [];
  const command = commands.enableApis(settings, missing);
  return [gcloudStep(`Enable ${missing.join(", ")}`, command)];
}

export function planAccount(settings: Settings, state: State): Step[] {
  const account = state.serviceAccount;
  const { serviceAccount } = settings;
  if (account === undefined) {
    const command = commands.createServiceAccount(settings);
    return [gcloudStep(`Create service account ${serviceAccount}`, command)];
  }
  if (isOurAccount(account)) return [];
  const command = commands.adoptServiceAccount(settings);
  return [gcloudStep(`Take over service account ${serviceAccount}`, command)];
}

/** In API-key mode the service account needs no role in the project. */
export function planProjectRole(settings: Settings, state: State): Step[] {
  if (settings.mode !== "vertex") return [];
  const member = `serviceAccount:${settings.serviceAccount}`;
  if (holds(state.projectBindings, VERTEX_ROLE, member)) return [];
  const command = commands.addProjectRole(settings, VERTEX_ROLE);
  return [
    gcloudStep(`Grant ${VERTEX_ROLE} to ${settings.serviceAccount}`, command),
  ];
}

/** Exactly the secrets that the service reads. */
export function planAccessor(
  settings: Settings,
  name: string,
  secret: SecretState | undefined,
): Step[] {
  const member = `serviceAccount:${settings.serviceAccount}`;
  if (holds(secret?.bindings ?? [], ACCESSOR_ROLE, member)) return [];
  const command = commands.addSecretAccessor(settings, name);
  return [
    gcloudStep(`Let ${settings.serviceAccount} read secret ${name}`, command),
  ];
}

export function holds(
  bindings: Binding[],
  role: string,
  member: string,
): boolean {
  return bindings.some(
    (b) =>
      b.role === role &&
      b.condition === undefined &&
      b.members.includes(member),
  );
}
