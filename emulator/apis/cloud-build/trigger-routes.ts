import type { Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { readPlace } from "./context.ts";
import { TRIGGER } from "./trigger-requests.ts";
import { type Trigger, buildingOf } from "./state.ts";
import { createTrigger } from "./trigger.ts";

const COLLECTIONS = [
  "/v1/projects/:project/locations/:location/triggers",
  "/v1/projects/:project/triggers",
] as const;

export function addTriggerRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const { triggers } = buildingOf(cloud);
  for (const collection of COLLECTIONS) {
    routes.post(collection, async (c) => {
      requireKnownParameters(c, ["parent", "projectId"]);
      const place = readPlace(c, cloud, "cloudbuild.builds.create");
      const sent = await readBody(c, TRIGGER, "trigger");
      const trigger = createTrigger(cloud, place, sent, c.var.caller);
      triggers.set(trigger.resourceName, trigger);
      return c.json(trigger);
    });
    routes.get(collection, (c) => {
      requireKnownParameters(c, [
        "pageSize",
        "pageToken",
        "parent",
        "projectId",
      ]);
      const { parent } = readPlace(c, cloud, "cloudbuild.builds.list");
      const found = [...triggers]
        .filter(([name]) => name.startsWith(`${parent}/`))
        .map(([, trigger]) => trigger);
      const { items, nextPageToken } = readPage(c, found, 1000);
      return c.json({
        ...(items.length > 0 && { triggers: items }),
        ...(nextPageToken !== undefined && { nextPageToken }),
      });
    });
    routes.get(`${collection}/:trigger{[^/:]+}`, (c) =>
      c.json(findTrigger(c, cloud, "cloudbuild.builds.get")),
    );
    routes.delete(`${collection}/:trigger{[^/:]+}`, (c) => {
      const permission = "cloudbuild.builds.update";
      triggers.delete(findTrigger(c, cloud, permission).resourceName);
      return c.json({});
    });
  }
}

/** By id or by name. */
function findTrigger(
  c: Context<ApiEnv>,
  cloud: Cloud,
  permission: string,
): Trigger {
  requireKnownParameters(c, ["name", "projectId", "triggerId"]);
  const { parent } = readPlace(c, cloud, permission);
  const key = c.req.param("trigger") ?? "";
  const found = [...buildingOf(cloud).triggers].find(
    ([name, { id, name: own }]) =>
      name.startsWith(`${parent}/`) && (id === key || own === key),
  );
  if (found !== undefined) return found[1];
  throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
}
