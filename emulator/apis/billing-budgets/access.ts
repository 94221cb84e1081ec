import type { Cloud, Member, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { hasPermission } from "../../core/policy.ts";
import { accountPolicyOf } from "../billing/account.ts";
import type { Budget, SentBudget } from "./requests.ts";

export type Verb = "create" | "delete" | "get" | "list" | "update";

/** Whether the caller may do it with every budget of the account. */
export function mayOnAccount(
  cloud: Cloud,
  caller: Member,
  verb: Verb,
): boolean {
  const policy = accountPolicyOf(cloud);
  return hasPermission([policy], caller, `billing.budgets.${verb}`);
}

/**
 * Throws unless the caller may do it: on the account or, with the budget of a single project, on that project ("Access
 * control for the Cloud Billing Budget API"). Who owns the project only reads what is the account's (`ownershipScope`).
 */
export function requireAccess(
  cloud: Cloud,
  caller: Member,
  verb: Verb,
  budget: Pick<Budget | SentBudget, "budgetFilter" | "ownershipScope">,
): void {
  if (mayOnAccount(cloud, caller, verb)) return;
  const project = projectOf(cloud, budget);
  const isRead = verb === "get" || verb === "list";
  const mayWrite = budget.ownershipScope !== "BILLING_ACCOUNT";
  if (
    project !== undefined &&
    (isRead || mayWrite) &&
    mayOnProject(project, caller, isRead)
  ) {
    return;
  }
  throw new GoogleError(
    "PERMISSION_DENIED",
    "The caller does not have permission",
  );
}

/** The project of a budget that is about one only. */
export function projectOf(
  cloud: Cloud,
  { budgetFilter }: Pick<SentBudget, "budgetFilter">,
): Project | undefined {
  const [project, ...more] = budgetFilter?.projects ?? [];
  if (project === undefined || more.length > 0) return undefined;
  return cloud.findProject(project.replace(/^projects\//, ""));
}

function mayOnProject(
  { policy }: Project,
  caller: Member,
  isRead: boolean,
): boolean {
  return [
    "resourcemanager.projects.get",
    `billing.resourcebudgets.${isRead ? "read" : "write"}`,
  ].every((permission) => hasPermission([policy], caller, permission));
}
