import type { Context } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { requirePermission } from "../../core/require-permission.ts";
import { nameOf } from "./build.ts";
import { runBuild } from "./run-build.ts";
import { type StoredBuild, buildingOf } from "./state.ts";
import type { Workshop } from "./workshop.ts";

/** Where a request is about; the older paths name no location. */
export interface Place {
  project: Project;
  location: string;
  /** `projects/P/locations/L` */
  parent: string;
}

/** Throws PERMISSION_DENIED, for an absent project too. */
export function readPlace(
  c: Context<ApiEnv>,
  cloud: Cloud,
  permission: string,
): Place {
  const { project: id = "", location = "global" } = c.req.param();
  const denied = "The caller does not have permission";
  const project = cloud.findProject(id);
  if (project === undefined) throw new GoogleError("PERMISSION_DENIED", denied);
  requirePermission([project.policy], c.var.caller, permission, denied);
  const parent = `projects/${project.projectId}/locations/${location}`;
  return { project, location, parent };
}

/** Begins a build in the background. */
export function startBuild(workshop: Workshop, build: StoredBuild): void {
  buildingOf(workshop.cloud).builds.set(nameOf(build), build);
  build.ended = runBuild(workshop, build);
}
