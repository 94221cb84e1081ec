import { UserError } from "../../cli/errors.ts";
import { ApiError } from "../../google/api-error.ts";
import type { ApiCall, ReadApi } from "../../google/rest.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Binding } from "../../google/policy.ts";
import type { AccountState, State } from "./state.ts";

/** APIs that a deploy needs; which of them are enabled is part of the state. */
const NEEDED_APIS = [
  "aiplatform.googleapis.com",
  "iam.googleapis.com",
  "run.googleapis.com",
  "secretmanager.googleapis.com",
] as const;

export async function readProject(
  read: ReadApi,
  projectId: string,
): Promise<State["project"]> {
  const project = (await read({
    api: "cloudresourcemanager",
    path: `v1/projects/${projectId}`,
  }).catch((error: unknown) => {
    // Google does not tell "absent" from "not yours".
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  })) as (State["project"] & { lifecycleState: string }) | undefined;
  if (project?.lifecycleState !== "ACTIVE") {
    throw new UserError(
      `there is no active project ${projectId}, or the account that gcloud uses cannot see it`,
      { hint: "List yours: gcloud projects list" },
    );
  }
  return project;
}

export async function readBilling(
  read: ReadApi,
  projectId: string,
): Promise<boolean | undefined> {
  const info = (await read({
    api: "cloudbilling",
    path: `v1/projects/${projectId}/billingInfo`,
  }).catch(() => undefined)) as { billingEnabled?: boolean } | undefined;
  return info === undefined ? undefined : (info.billingEnabled ?? false);
}

export async function readEnabledApis(
  read: ReadApi,
  projectId: string,
  apis: readonly string[] = NEEDED_APIS,
): Promise<Set<string>> {
  const query = apis
    .map((api) => `names=projects/${projectId}/services/${api}`)
    .join("&");
  const { services } = (await read({
    api: "serviceusage",
    path: `v1/projects/${projectId}/services:batchGet?${query}`,
  })) as { services: { name: string; state: string }[] };
  return new Set(
    services
      .filter((s) => s.state === "ENABLED")
      .map((s) => s.name.split("/").at(-1) ?? ""),
  );
}

export async function readProjectBindings(
  read: ReadApi,
  projectId: string,
): Promise<Binding[]> {
  const policy = (await read({
    api: "cloudresourcemanager",
    path: `v1/projects/${projectId}:getIamPolicy`,
    body: { options: { requestedPolicyVersion: 3 } },
  })) as { bindings?: Binding[] } | undefined;
  return policy?.bindings ?? [];
}

export async function readServiceAccount(
  read: ReadApi,
  { projectId, serviceAccount }: Settings,
): Promise<State["serviceAccount"]> {
  return readAccount(read, projectId, serviceAccount);
}

export async function readAccount(
  read: ReadApi,
  projectId: string,
  email: string,
): Promise<AccountState | undefined> {
  const account = (await read({
    api: "iam",
    path: `v1/projects/${projectId}/serviceAccounts/${email}`,
  })) as Partial<AccountState> | undefined;
  if (account === undefined) return undefined;
  const { description = "", disabled = false } = account;
  return { email, description, disabled };
}

/** Who may act as a service account. */
export async function readAccountBindings(
  read: ReadApi,
  projectId: string,
  email: string,
): Promise<Binding[]> {
  return readBindings(read, {
    api: "iam",
    path: `v1/projects/${projectId}/serviceAccounts/${email}:getIamPolicy`,
    body: { options: { requestedPolicyVersion: 3 } },
  });
}

/** Of a policy; none where there is no such thing. */
export async function readBindings(
  read: ReadApi,
  call: ApiCall,
): Promise<Binding[]> {
  const policy = (await read(call)) as { bindings?: Binding[] } | undefined;
  return policy?.bindings ?? [];
}
