import type { Context } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Operation } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import {
  map,
  message,
  outputOnly,
  readBody,
  string,
  uncovered,
} from "../../core/message.ts";
import { toProjectV1 } from "./project.ts";

const PROJECT = message({
  projectId: string,
  name: string,
  labels: map(string),
  parent: uncovered,
  tags: uncovered,
  projectNumber: outputOnly,
  lifecycleState: outputOnly,
  createTime: outputOnly,
});

/** Creates a project as Google does: owned by the caller, with the default APIs and without a billing account. */
export async function createProject(
  c: Context<ApiEnv>,
  cloud: Cloud,
): Promise<Response> {
  const sent = await readBody(c, PROJECT, "project");
  const projectId = sent.projectId ?? "";
  requireProjectId(projectId);
  if (cloud.projects.has(projectId)) {
    throw new GoogleError("ALREADY_EXISTS", "Requested entity already exists");
  }
  const project = cloud.createProject(projectId, c.var.caller);
  project.billingEnabled = false;
  project.name = sent.name ?? projectId;
  project.labels = sent.labels ?? {};
  const operation: Operation = {
    name: `operations/cp.${project.projectNumber}`,
    done: true,
    metadata: {
      "@type":
        "type.googleapis.com/google.cloudresourcemanager.v1.ProjectCreationStatus",
      createTime: project.createTime,
      gettable: true,
      ready: true,
    },
    response: {
      "@type": "type.googleapis.com/google.cloudresourcemanager.v1.Project",
      ...toProjectV1(project),
    },
  };
  cloud.operations.set(operation.name, operation);
  return c.json(operation);
}

function requireProjectId(projectId: string): void {
  if (/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(projectId)) return;
  const description =
    "project_id must be 6 to 30 lowercase ASCII letters, digits, or hyphens, must start with a letter and must not end with a hyphen";
  throw new GoogleError(
    "INVALID_ARGUMENT",
    "Request contains an invalid argument.",
    [
      {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        fieldViolations: [{ field: "project_id", description }],
      },
    ],
  );
}
