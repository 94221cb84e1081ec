import type { Cloud, Member } from "./cloud.ts";
import { hasPermission } from "./policy.ts";

/** Whether the member may have something run as the account; never as one that does not exist. */
export function mayActAs(cloud: Cloud, email: string, member: Member): boolean {
  const account = cloud.serviceAccount(email);
  const owner = [...cloud.projects.values()].find((project) =>
    project.serviceAccounts.has(email),
  );
  if (account === undefined || owner === undefined) return false;
  const policies = [account.policy, owner.policy];
  return hasPermission(policies, member, "iam.serviceAccounts.actAs");
}
