import * as accounts from "../../google/commands/accounts.ts";
import { enableApis } from "../../google/commands/apis.ts";
import { addGrant } from "../../google/commands/policies.ts";
import { type Grant, holds } from "../../google/policy.ts";
import { type Step, gcloudStep, spreadingStep } from "../../plan/step.ts";
import type { Mode } from "../../settings/mode.ts";
import type { Settings } from "../../settings/settings.ts";
import { ACCOUNT_DESCRIPTION, isOurAccount } from "../ownership.ts";
import type { SecretState, State } from "../state/state.ts";

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

/** The member of policies that the service runs as. */
export function memberOf({
  serviceAccount,
}: Pick<Settings, "serviceAccount">): string {
  return `serviceAccount:${serviceAccount}`;
}

/** What lets the service call Vertex AI. */
export function vertexGrant(
  settings: Pick<Settings, "projectId" | "serviceAccount">,
): Grant {
  const { projectId } = settings;
  return {
    on: { kind: "project", projectId },
    role: VERTEX_ROLE,
    member: memberOf(settings),
  };
}

/** What lets the service read a secret. */
export function accessorGrant(settings: Settings, name: string): Grant {
  const { projectId } = settings;
  return {
    on: { kind: "secret", projectId, name },
    role: ACCESSOR_ROLE,
    member: memberOf(settings),
  };
}

export function planApis(settings: Settings, state: State): Step[] {
  const missing = neededApis(settings.mode).filter(
    (api) => !state.enabledApis.has(api),
  );
  if (missing.length === 0) return [];
  const command = enableApis(settings, missing);
  return [spreadingStep(`Enable ${missing.join(", ")}`, command)];
}

export function planAccount(settings: Settings, state: State): Step[] {
  const account = state.serviceAccount;
  const { serviceAccount: email } = settings;
  if (account === undefined) {
    const command = accounts.createAccount(settings, {
      name: email.split("@")[0] ?? email,
      displayName: "LiteLLM on Cloud Run",
      description: ACCOUNT_DESCRIPTION,
    });
    return [gcloudStep(`Create service account ${email}`, command)];
  }
  if (isOurAccount(account)) return [];
  const command = accounts.describeAccountAs(
    settings,
    email,
    ACCOUNT_DESCRIPTION,
  );
  return [gcloudStep(`Take over service account ${email}`, command)];
}

/** In API-key mode the service account needs no role in the project. */
export function planProjectRole(settings: Settings, state: State): Step[] {
  const grant = vertexGrant(settings);
  if (settings.mode !== "vertex") return [];
  if (holds(state.projectBindings, grant.role, grant.member)) return [];
  return [
    spreadingStep(
      `Grant ${VERTEX_ROLE} to ${settings.serviceAccount}`,
      addGrant(grant),
    ),
  ];
}

/** Exactly the secrets that the service reads. */
export function planAccessor(
  settings: Settings,
  name: string,
  secret: SecretState | undefined,
): Step[] {
  const grant = accessorGrant(settings, name);
  if (holds(secret?.bindings ?? [], grant.role, grant.member)) return [];
  return [
    spreadingStep(
      `Let ${settings.serviceAccount} read secret ${name}`,
      addGrant(grant),
    ),
  ];
}
