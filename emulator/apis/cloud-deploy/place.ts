import type { Context } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { REGIONS } from "../run/regions.ts";

export const LOCATION = "/v1/projects/:project/locations/:location";

/** Google's form of the ids of pipelines, targets, automations and releases. */
const ID = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

export interface DeployPlace {
  project: Project;
  /** Region. */
  location: string;
  /** `projects/P/locations/L`, the project by its id. */
  name: string;
}

/** Of a request below `LOCATION`. Throws PERMISSION_DENIED where there is no such project or region. */
export function readPlace(c: Context<ApiEnv>, cloud: Cloud): DeployPlace {
  const { project: id = "", location = "" } = c.req.param() as {
    project?: string;
    location?: string;
  };
  const project = cloud.project(id);
  if (!Object.hasOwn(REGIONS, location)) {
    throw new GoogleError(
      "PERMISSION_DENIED",
      `Permission denied on 'locations/${location}' (or it may not exist).`,
    );
  }
  const name = `projects/${project.projectId}/locations/${location}`;
  return { project, location, name };
}

/** The full name of the resource or collection that the request's path names, without a custom verb. */
export function readName(c: Context<ApiEnv>, cloud: Cloud): string {
  const { name } = readPlace(c, cloud);
  const path = decodeURIComponent(c.req.path).replace(/:[^/:]+$/, "");
  return [name, ...path.split("/").slice(6)].join("/");
}

/** The name with the project's number in place of its id, as Google keeps names inside of resources. */
export function withProjectNumber(cloud: Cloud, name: string): string {
  const [, id = "", ...rest] = name.split("/");
  const { projectNumber } = cloud.project(id);
  return ["projects", projectNumber, ...rest].join("/");
}

/** Throws INVALID_ARGUMENT. */
export function requireId(field: string, id: string): void {
  if (ID.test(id)) return;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `${field} "${id}" must match ${ID.source.slice(1, -1)}`,
  );
}
