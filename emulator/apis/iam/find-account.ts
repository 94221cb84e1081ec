import type { Cloud, Project, ServiceAccount } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";

export interface FoundAccount {
  project: Project;
  account: ServiceAccount;
}

/** By project (`-` for any) and email or unique id, as in `projects/P/serviceAccounts/A`. Throws NOT_FOUND. */
export function findAccount(
  cloud: Cloud,
  projectId: string,
  name: string,
): FoundAccount {
  const projects =
    projectId === "-"
      ? [...cloud.projects.values()]
      : [requireProject(cloud, projectId, "get")];
  for (const project of projects) {
    const accounts = [...project.serviceAccounts.values()];
    const account = accounts.find(
      (a) => a.email === name || a.uniqueId === name,
    );
    if (account !== undefined && cloud.propagation.isOver(account)) {
      return { project, account };
    }
  }
  throw new GoogleError("NOT_FOUND", "Unknown service account");
}

/** Throws as IAM does for a project that does not exist or is not the caller's. */
export function requireProject(
  cloud: Cloud,
  projectId: string,
  verb: string,
): Project {
  const project = cloud.findProject(projectId);
  if (project !== undefined) return project;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Permission 'iam.serviceAccounts.${verb}' denied on resource (or it may not exist).`,
  );
}
