import type { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { readPage } from "../../core/query.ts";
import { REGIONS } from "../run/regions.ts";
import { requireFound } from "./engine/find.ts";
import { LOCATION, readName, readPlace } from "./place.ts";
import { DEFAULT_SKAFFOLD, SKAFFOLD_VERSIONS } from "./render/versions.ts";

/** Operations, the configuration of a location, and where Cloud Deploy is. */
export function addLocationRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.get(`${LOCATION}/operations/:operation{[^/:]+}`, (c) => {
    const name = readName(c, cloud);
    return c.json(requireFound(cloud.operations.get(name), name));
  });
  routes.get(`${LOCATION}/operations`, (c) => {
    const { name } = readPlace(c, cloud);
    const all = [...cloud.operations.values()].filter((operation) =>
      operation.name.startsWith(`${name}/operations/`),
    );
    const { items, nextPageToken } = readPage(c, all, 1000);
    return c.json({
      operations: items,
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
  routes.get(`${LOCATION}/config`, (c) =>
    c.json({
      name: `${readPlace(c, cloud).name}/config`,
      supportedVersions: SKAFFOLD_VERSIONS,
      defaultSkaffoldVersion: DEFAULT_SKAFFOLD,
    }),
  );
  routes.get("/v1/projects/:project/locations", (c) => {
    const { projectId } = cloud.project(c.req.param("project"));
    const { items, nextPageToken } = readPage(c, Object.entries(REGIONS), 100);
    return c.json({
      locations: items.map(([locationId, displayName]) => ({
        name: `projects/${projectId}/locations/${locationId}`,
        locationId,
        displayName,
      })),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
}
