import type { Grant, Holder } from "../google/policy.ts";
import type { Settings } from "../settings/settings.ts";
import type { Lets } from "./guard.ts";

export const ACT_AS = "roles/iam.serviceAccountUser";

/** Switching the invoker check off sets a service's policy, which a developer may not. */
export function deployingRole(opens: boolean): string {
  return opens ? "roles/run.admin" : "roles/run.developer";
}

/** The secrets that an env's service reads. */
export function secretsOf({
  configSecret,
  keys,
}: Pick<Settings, "configSecret" | "keys">): string[] {
  return [configSecret, ...keys.map(({ secret }) => secret)];
}

/** What `deploy.ts` needs in a prepared project: docs/deploying.md, "Least roles". `lets`: whom the service lets in now. */
export function listDeployingGrants(
  settings: Settings,
  lets: Lets,
  member: string,
): Grant[] {
  const { projectId, serviceAccount, access } = settings;
  const project: Holder = { kind: "project", projectId };
  const runtime: Holder = {
    kind: "account",
    projectId,
    email: serviceAccount,
  };
  const onSecrets = (names: readonly string[], role: string): Grant[] =>
    names.map((name) => ({
      on: { kind: "secret", projectId, name },
      role,
      member,
    }));
  const opens = access === "public" || lets === "everybody";
  return [
    ...[
      deployingRole(opens),
      "roles/browser",
      "roles/serviceusage.serviceUsageConsumer",
    ].map((role) => ({ on: project, role, member })),
    { on: runtime, role: ACT_AS, member },
    ...onSecrets(secretsOf(settings), "roles/secretmanager.admin"),
    // It sees whether the service may read them.
    ...onSecrets(seenSecretsOf(settings), "roles/secretmanager.viewer"),
  ];
}

/** The secrets that a deploy looks at, and never writes. */
function seenSecretsOf({
  clientKeys,
  clientKeysSecret,
  ownSecrets,
}: Settings): string[] {
  return [...(clientKeys ? [clientKeysSecret] : []), ...ownSecrets];
}
