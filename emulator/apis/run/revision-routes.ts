import type { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import { requireKnownParameters } from "../../core/query.ts";
import type { RunContext } from "./context.ts";
import { showList } from "./lists.ts";
import { findRevision, listServices, PARENTS, placeOf } from "./place.ts";
import { showRevision, showRevisionLabels } from "./revision-view.ts";
import { deleteRevision } from "./service-commands.ts";
import { showDeleted } from "./status.ts";

export function addRevisionRoutes(
  routes: Hono<ApiEnv>,
  { cloud }: RunContext,
): void {
  for (const parent of PARENTS) {
    routes.get(`${parent}/revisions`, (c) => {
      const place = placeOf(c, cloud);
      const all = listServices(place).flatMap((service) =>
        [...service.revisions.values()].map((revision) => ({
          service,
          revision,
        })),
      );
      const newestFirst = all.sort((one, other) =>
        other.revision.createdAt.localeCompare(one.revision.createdAt),
      );
      return c.json(
        showList(c, "RevisionList", newestFirst, {
          labels: ({ service, revision }) =>
            showRevisionLabels(service, revision),
          show: ({ service, revision }) =>
            showRevision(place.project, service, revision),
        }),
      );
    });
    const path = `${parent}/revisions/:name{[^/:]+}` as const;
    routes.get(path, (c) => {
      const place = placeOf(c, cloud);
      const found = findRevision(place, c.req.param("name"));
      return c.json(showRevision(place.project, found.service, found.revision));
    });
    routes.delete(path, (c) => {
      requireKnownParameters(c, ["apiVersion", "kind", "propagationPolicy"]);
      const { service, revision } = findRevision(
        placeOf(c, cloud),
        c.req.param("name"),
      );
      deleteRevision(service, revision);
      return c.json(showDeleted("revisions", revision.name, revision.uid));
    });
  }
}
