import type { Cloud, Member, Project } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";
import { hasPermission } from "../../../core/policy.ts";
import type { ExecutionUsage, Target } from "../state.ts";
import { placeOf } from "./names.ts";

/** Email of the account that runs the target's jobs: by default that of Compute Engine. */
export function executionAccount(
  cloud: Cloud,
  target: Target,
  usage: ExecutionUsage,
): string {
  const config = target.executionConfigs?.find(({ usages }) =>
    usages.includes(usage),
  );
  const { projectNumber } = cloud.project(placeOf(target.name).project);
  return (
    config?.serviceAccount ??
    `${projectNumber}-compute@developer.gserviceaccount.com`
  );
}

/** Throws where Cloud Build could not run a job as the account in the pipeline's project. */
export function requireRunner(
  cloud: Cloud,
  email: string,
  project: Project,
): void {
  if (cloud.serviceAccount(email) === undefined) {
    throw denied(
      `Service account ${email} does not exist, so that nothing can run as it.`,
    );
  }
  const permission = "storage.objects.get";
  if (!hasPermission([project.policy], memberOf(email), permission)) {
    throw denied(
      `${email} does not have ${permission} access to the Google Cloud Storage object. Permission '${permission}' denied on resource (or it may not exist).`,
    );
  }
}

/** Throws PERMISSION_DENIED as Cloud Run does. */
export function requirePermission(
  project: Project,
  email: string,
  permission: string,
  resource: string,
): void {
  if (hasPermission([project.policy], memberOf(email), permission)) return;
  throw denied(
    `Permission '${permission}' denied on resource '${resource}' (or resource may not exist).`,
  );
}

/** Throws PERMISSION_DENIED unless the first account may act as the other. */
export function requireActAs(cloud: Cloud, email: string, other: string): void {
  const owner = [...cloud.projects.values()].find((project) =>
    project.serviceAccounts.has(other),
  );
  const account = owner?.serviceAccounts.get(other);
  const policies =
    owner && account ? [account.policy, owner.policy] : ([] as const);
  const permission = "iam.serviceAccounts.actAs";
  if (hasPermission(policies, memberOf(email), permission)) return;
  throw denied(
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${other} (or it may not exist).`,
  );
}

export function memberOf(email: string): Member {
  return `serviceAccount:${email}`;
}

function denied(text: string): GoogleError {
  return new GoogleError("PERMISSION_DENIED", text);
}
