import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb } from "../../../core/api.ts";
import type { Cloud, Project } from "../../../core/cloud.ts";
import { message, readBody } from "../../../core/message.ts";
import { finishOperation } from "./operation.ts";
import { readNewProvider, readProviderPatch } from "./requests.ts";
import {
  POOLS_PATH,
  readKeptPage,
  requireLiving,
  softDelete,
  undelete,
} from "./routes.ts";
import {
  type Pool,
  type Provider,
  findPool,
  nameOf,
  requireFree,
  requireKept,
  showProvider,
} from "./state.ts";

const COLLECTION = `${POOLS_PATH}/:pool/providers` as const;

const PROVIDER_PATH = `${COLLECTION}/:provider{[^/:]+}` as const;

/** OIDC providers of a pool: create, get, list, patch, delete and undelete. */
export function addProviderRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const find = (c: Context<ApiEnv>) => {
    const { project: projectId = "", pool: id = "" } = c.req.param();
    return findPool(cloud, projectId, id);
  };
  const findOne = (c: Context<ApiEnv>) => {
    const { project, pool } = find(c);
    const id = (c.req.param("provider") ?? "").replace(/:.*/, "");
    return { project, pool, provider: requireKept(pool.providers.get(id)) };
  };
  const finish = (
    c: Context<ApiEnv>,
    of: { project: Project; pool: Pool; provider: Provider },
  ) => {
    const { project, pool, provider } = of;
    return c.json(
      finishOperation(
        cloud,
        nameOf(project, pool, provider),
        "WorkloadIdentityPoolProvider",
        showProvider(project, pool, provider),
      ),
    );
  };
  routes.post(
    `${COLLECTION}/${withVerb("provider", "undelete")}`,
    async (c) => {
      await readBody(c, message({}));
      const found = findOne(c);
      undelete(found.provider);
      return finish(c, found);
    },
  );
  routes.get(COLLECTION, (c) => {
    const { project, pool } = find(c);
    const { items, nextPageToken } = readKeptPage(c, pool.providers, 100);
    return c.json({
      ...(items.length > 0 && {
        workloadIdentityPoolProviders: items.map((provider) =>
          showProvider(project, pool, provider),
        ),
      }),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
  routes.post(COLLECTION, async (c) => {
    const { project, pool } = find(c);
    requireLiving(pool);
    const provider = await readNewProvider(c);
    requireFree(pool.providers, provider.id);
    pool.providers.set(provider.id, provider);
    return finish(c, { project, pool, provider });
  });
  routes.get(PROVIDER_PATH, (c) => {
    const { project, pool, provider } = findOne(c);
    return c.json(showProvider(project, pool, provider));
  });
  routes.patch(PROVIDER_PATH, async (c) => {
    const found = findOne(c);
    requireLiving(found.provider);
    Object.assign(found.provider, await readProviderPatch(c, found.provider));
    return finish(c, found);
  });
  routes.delete(PROVIDER_PATH, (c) => {
    const found = findOne(c);
    softDelete(found.provider);
    return finish(c, found);
  });
}
