import type { Context } from "hono";
import type { Cloud, Project } from "../../core/cloud.ts";
import type { ApiEnv } from "../../core/api.ts";
import { hasPermission } from "../../core/policy.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { parseProjectQuery } from "./project-query.ts";
import { toProjectV1, toProjectV3 } from "./project.ts";

const MAXIMUM = 5000;

/** The server "picks an appropriate default" (discovery document). */
const UNASKED = 50;

/** v1 `projects.list`. */
export function listProjects(c: Context<ApiEnv>, cloud: Cloud): object {
  requireKnownParameters(c, ["filter", "pageSize", "pageToken"]);
  return pageOf(c, cloud, "filter", toProjectV1);
}

/** v3 `projects.search`. */
export function searchProjects(c: Context<ApiEnv>, cloud: Cloud): object {
  requireKnownParameters(c, ["query", "pageSize", "pageToken"]);
  return pageOf(c, cloud, "query", toProjectV3);
}

function pageOf(
  c: Context<ApiEnv>,
  cloud: Cloud,
  parameter: string,
  show: (project: Project) => object,
): object {
  const matches = parseProjectQuery(c.req.query(parameter));
  const found = [...cloud.projects.values()]
    .filter(({ policy }) =>
      hasPermission([policy], c.var.caller, "resourcemanager.projects.get"),
    )
    .filter(matches)
    .map(show);
  const { items, nextPageToken } = readPage(c, found, MAXIMUM, UNASKED);
  return {
    ...(items.length > 0 && { projects: items }),
    ...(nextPageToken !== undefined && { nextPageToken }),
  };
}
