import type { Cloud, Project, StoredSecret } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { destroyDue } from "./delayed-destruction.ts";

export interface FoundSecret {
  project: Project;
  secret: StoredSecret;
}

/** Throws as Secret Manager does for a project that does not exist or is not the caller's. */
export function requireProject(
  cloud: Cloud,
  projectId: string,
  permission: string,
): Project {
  const project = cloud.findProject(projectId);
  if (project !== undefined) return project;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Permission '${permission}' denied for resource 'projects/${projectId}' (or it may not exist).`,
  );
}

/** Throws NOT_FOUND. */
export function findSecret(
  cloud: Cloud,
  projectId: string,
  secretId: string,
): FoundSecret {
  const project = requireProject(cloud, projectId, "secretmanager.secrets.get");
  const secret = project.secrets.get(secretId);
  if (secret !== undefined) {
    destroyDue(secret);
    return { project, secret };
  }
  throw new GoogleError(
    "NOT_FOUND",
    `Secret [${nameOf(project, secretId)}] not found.`,
  );
}

/** Google names secrets by the project's number, whatever the request says. */
export function nameOf(project: Project, secretId: string): string {
  return `projects/${project.projectNumber}/secrets/${secretId}`;
}
