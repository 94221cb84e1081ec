import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../../../core/api.ts";
import type { Cloud, Project } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";
import { message, readBody } from "../../../core/message.ts";
import { readPage, requireKnownParameters } from "../../../core/query.ts";
import { finishOperation } from "./operation.ts";
import { readNewPool, readPoolPatch } from "./requests.ts";
import {
  type Kept,
  type Pool,
  findPool,
  nameOf,
  poolsOf,
  requireFree,
  requireKept,
  showPool,
} from "./state.ts";

export const POOLS_PATH =
  "/v1/projects/:project/locations/global/workloadIdentityPools";

const POOL_PATH = `${POOLS_PATH}/:pool{[^/:]+}` as const;

/** "Permanently deleted after approximately 30 days" (discovery document of IAM v1). */
const KEPT_MS = 30 * 86_400_000;

/** Pools of workload identities: create, get, list, patch, delete and undelete. */
export function addPoolRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const finish = (c: Context<ApiEnv>, project: Project, pool: Pool) =>
    c.json(
      finishOperation(
        cloud,
        nameOf(project, pool),
        "WorkloadIdentityPool",
        showPool(project, pool),
      ),
    );
  routes.post(`${POOLS_PATH}/${withVerb("pool", "undelete")}`, async (c) => {
    await readBody(c, message({}));
    const id = withoutVerb(c.req.param("pool"));
    const { project, pool } = findPool(cloud, c.req.param("project"), id);
    undelete(pool);
    return finish(c, project, pool);
  });
  routes.get(POOLS_PATH, (c) => {
    const project = cloud.project(c.req.param("project"));
    const { items, nextPageToken } = readKeptPage(c, poolsOf(project), 1000);
    return c.json({
      ...(items.length > 0 && {
        workloadIdentityPools: items.map((pool) => showPool(project, pool)),
      }),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
  routes.post(POOLS_PATH, async (c) => {
    const project = cloud.project(c.req.param("project"));
    const pool = await readNewPool(c);
    requireFree(poolsOf(project), pool.id);
    poolsOf(project).set(pool.id, pool);
    return finish(c, project, pool);
  });
  routes.get(POOL_PATH, (c) => {
    const { project: projectId, pool: id } = c.req.param();
    const { project, pool } = findPool(cloud, projectId, id);
    return c.json(showPool(project, pool));
  });
  routes.patch(POOL_PATH, async (c) => {
    const { project: projectId, pool: id } = c.req.param();
    const { project, pool } = findPool(cloud, projectId, id);
    requireLiving(pool);
    Object.assign(pool, await readPoolPatch(c));
    return finish(c, project, pool);
  });
  routes.delete(POOL_PATH, (c) => {
    const { project: projectId, pool: id } = c.req.param();
    const { project, pool } = findPool(cloud, projectId, id);
    softDelete(pool);
    return finish(c, project, pool);
  });
  for (const path of [POOL_PATH, `${POOL_PATH}/providers/:provider`] as const) {
    routes.get(`${path}/operations/:operation`, (c) => {
      const name = c.req.path.replace(/^\/v1\//, "");
      const operation = cloud.operations.get(name);
      if (operation !== undefined) return c.json(operation);
      throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
    });
  }
}

/** Deleted ones only where `showDeleted` asks for them. */
export function readKeptPage<T extends Kept>(
  c: Context,
  kept: Map<string, T>,
  maximum: number,
) {
  requireKnownParameters(c, ["pageSize", "pageToken", "showDeleted"]);
  const all = c.req.query("showDeleted")?.toLowerCase() === "true";
  const shown = [...kept.values()].filter(
    ({ expireTime }) => all || expireTime === undefined,
  );
  return readPage(c, shown, maximum, 50);
}

/** What is deleted takes no change but its return. */
export function requireLiving(kept: Kept): void {
  requireKept(kept.expireTime === undefined ? kept : undefined);
}

export function softDelete(kept: Kept): void {
  requireLiving(kept);
  kept.expireTime = new Date(Date.now() + KEPT_MS).toISOString();
}

export function undelete(kept: Kept): void {
  if (kept.expireTime === undefined) {
    throw new GoogleError("FAILED_PRECONDITION", "Precondition check failed.");
  }
  kept.expireTime = undefined;
}
