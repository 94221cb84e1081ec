import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";

/** Throws as Service Usage does for a project that does not exist or is not the caller's. */
export function findProject(cloud: Cloud, id: string): Project {
  const project = cloud.findProject(id);
  if (project !== undefined) return project;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Project '${id}' not found or permission denied.`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.PreconditionFailure",
        violations: [
          {
            type: "googleapis.com",
            subject: `?error_code=210002&type=Project&resource_id=${id}`,
          },
        ],
      },
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "RESOURCES_NOT_FOUND",
        domain: "serviceusage.googleapis.com",
        metadata: { type: "Project", resource_id: id },
      },
    ],
  );
}
