import { randomInt } from "node:crypto";
import type { Cloud, Project, ServiceAccount } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { newPolicy, renameMember } from "../../core/policy.ts";

/** Google answers the same etag for every service account. */
const ETAG = "MDEwMjE5MjA=";

export function createServiceAccount(
  project: Project,
  email: string,
  options: { displayName?: string; description?: string },
): ServiceAccount {
  const account: ServiceAccount = {
    email,
    uniqueId: newUniqueId(),
    displayName: options.displayName ?? "",
    description: options.description ?? "",
    disabled: false,
    policy: newPolicy(),
  };
  project.serviceAccounts.set(email, account);
  return account;
}

/** Its bindings stay behind under the name of a deleted account, so that a new one of the same name inherits nothing. */
export function deleteServiceAccount(
  cloud: Cloud,
  project: Project,
  account: ServiceAccount,
): void {
  project.serviceAccounts.delete(account.email);
  project.deletedServiceAccounts.set(account.uniqueId, account);
  for (const policy of cloud.policies()) {
    renameMember(policy, liveMember(account), deletedMember(account));
  }
}

/** Throws as Google does when the name has been taken meanwhile. */
export function undeleteServiceAccount(
  cloud: Cloud,
  project: Project,
  account: ServiceAccount,
): void {
  if (project.serviceAccounts.has(account.email)) {
    throw alreadyExists(project, account.email);
  }
  project.deletedServiceAccounts.delete(account.uniqueId);
  project.serviceAccounts.set(account.email, account);
  for (const policy of cloud.policies()) {
    renameMember(policy, deletedMember(account), liveMember(account));
  }
}

export function alreadyExists(project: Project, email: string): GoogleError {
  const id = email.slice(0, email.indexOf("@"));
  return new GoogleError(
    "ALREADY_EXISTS",
    `Service account ${id} already exists within project projects/${project.projectId}.`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.ResourceInfo",
        resourceName: `projects/${project.projectId}/serviceAccounts/${email}`,
      },
    ],
  );
}

export function toServiceAccount(
  project: Project,
  account: ServiceAccount,
): object {
  const { email, uniqueId, displayName, description, disabled } = account;
  return {
    name: `projects/${project.projectId}/serviceAccounts/${email}`,
    projectId: project.projectId,
    uniqueId,
    email,
    ...(displayName !== "" && { displayName }),
    etag: ETAG,
    ...(description !== "" && { description }),
    oauth2ClientId: uniqueId,
    ...(disabled && { disabled }),
  };
}

function liveMember({ email }: ServiceAccount): string {
  return `serviceAccount:${email}`;
}

function deletedMember({ email, uniqueId }: ServiceAccount): string {
  return `deleted:serviceAccount:${email}?uid=${uniqueId}`;
}

/** 21 digits that begin with 1, as Google's do. */
function newUniqueId(): string {
  const digits = () => String(randomInt(1e10)).padStart(10, "0");
  return `1${digits()}${digits()}`;
}
