import type { Cloud, Member } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { hasPermission } from "../../core/policy.ts";

/** The account must exist, and the caller, where there is one, must be allowed to act as it. Throws NOT_FOUND, PERMISSION_DENIED. */
export function requireActAs(
  cloud: Cloud,
  email: string,
  caller: Member | undefined,
): void {
  const account = cloud.serviceAccount(email);
  const owner = [...cloud.projects.values()].find((project) =>
    project.serviceAccounts.has(email),
  );
  if (account === undefined || owner === undefined || account.disabled) {
    throw new GoogleError(
      "NOT_FOUND",
      `Requested entity was not found: service account ${email}`,
    );
  }
  const policies = [account.policy, owner.policy];
  const permission = "iam.serviceAccounts.actAs";
  if (caller === undefined || hasPermission(policies, caller, permission)) {
    return;
  }
  throw new GoogleError(
    "PERMISSION_DENIED",
    `caller does not have permission to act as service account projects/${owner.projectId}/serviceAccounts/${account.uniqueId}`,
  );
}
