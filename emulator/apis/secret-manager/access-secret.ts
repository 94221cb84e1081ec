import type {
  Cloud,
  Member,
  Project,
  SecretVersion,
} from "../../core/cloud.ts";
import { disabled } from "../../core/enablement.ts";
import { GoogleError } from "../../core/google-error.ts";
import { hasPermission } from "../../core/policy.ts";
import { destroyDue } from "./delayed-destruction.ts";
import { nameOf } from "./find-secret.ts";
import { findVersion, readPayload } from "./version.ts";

export const SECRET_MANAGER = {
  service: "secretmanager.googleapis.com",
  title: "Secret Manager API",
} as const;

const PERMISSION = "secretmanager.versions.access";

export interface AccessedVersion {
  /** `projects/NUMBER/secrets/S/versions/N`, whatever the version was asked for as. */
  name: string;
  version: SecretVersion;
  payload: Buffer;
}

/**
 * The payload of a version (number, `latest` or alias) as `member` may read it. Throws what Google answers:
 * PERMISSION_DENIED, NOT_FOUND, or FAILED_PRECONDITION for a version that is not enabled.
 */
export function accessSecret(
  cloud: Cloud,
  projectId: string,
  secretId: string,
  version: string,
  member: Member,
): Buffer {
  return accessVersion(cloud, projectId, secretId, version, member).payload;
}

/** As `accessSecret`, with the version that it came to. */
export function accessVersion(
  cloud: Cloud,
  projectId: string,
  secretId: string,
  versionName: string,
  member: Member,
): AccessedVersion {
  const resource = `projects/${projectId}/secrets/${secretId}/versions/${versionName}`;
  const project = cloud.findProject(projectId);
  if (project === undefined) throw denied(resource);
  if (!cloud.isEnabled(project, SECRET_MANAGER.service)) {
    throw disabled(SECRET_MANAGER, project);
  }
  if (!mayAccess(project, secretId, member)) throw denied(resource);
  const secret = project.secrets.get(secretId);
  if (secret === undefined) {
    throw new GoogleError(
      "NOT_FOUND",
      `Secret [${nameOf(project, secretId)}] not found or has no versions.`,
    );
  }
  destroyDue(secret);
  const version = findVersion(project, secret, versionName);
  return {
    name: `${nameOf(project, secretId)}/versions/${version.number}`,
    version,
    payload: readPayload(project, secret, version),
  };
}

function mayAccess(
  project: Project,
  secretId: string,
  member: Member,
): boolean {
  const policy = project.secrets.get(secretId)?.policy;
  const policies = [project.policy, ...(policy === undefined ? [] : [policy])];
  return hasPermission(policies, member, PERMISSION);
}

function denied(resource: string): GoogleError {
  return new GoogleError(
    "PERMISSION_DENIED",
    `Permission '${PERMISSION}' denied for resource '${resource}' (or it may not exist).`,
  );
}
