import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { parseFilter } from "../../core/filter.ts";
import { GoogleError } from "../../core/google-error.ts";
import { message, readBody, string } from "../../core/message.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { toBuild, toOperation } from "./build.ts";
import { readPlace, startBuild } from "./context.ts";
import { createBuild } from "./create-build.ts";
import { BUILD } from "./requests.ts";
import { Stopped } from "./endings.ts";
import { type StoredBuild, buildingOf } from "./state.ts";
import type { Workshop } from "./workshop.ts";

/** With and without a location: the latter is `global`. */
const COLLECTIONS = [
  "/v1/projects/:project/locations/:location/builds",
  "/v1/projects/:project/builds",
] as const;

const CANCEL = message({ id: string, name: string, projectId: string });

export function addBuildRoutes(routes: Hono<ApiEnv>, workshop: Workshop): void {
  const { cloud } = workshop;
  for (const collection of COLLECTIONS) {
    routes.post(collection, async (c) => {
      requireKnownParameters(c, ["parent", "projectId"]);
      const place = readPlace(c, cloud, "cloudbuild.builds.create");
      const sent = await readBody(c, BUILD, "build");
      const { caller } = c.var;
      const build = createBuild(cloud, sent, { ...place, caller });
      const operation = toOperation(cloud, build);
      startBuild(workshop, build);
      return c.json(operation);
    });
    routes.get(collection, (c) => c.json(listBuilds(c, cloud)));
    routes.get(`${collection}/:build{[^/:]+}`, (c) => {
      requireKnownParameters(c, ["id", "name", "projectId"]);
      const id = c.req.param("build");
      const build = findBuild(c, cloud, "cloudbuild.builds.get", id);
      return c.json(toBuild(cloud, build));
    });
    routes.post(`${collection}/${withVerb("build", "cancel")}`, async (c) => {
      await readBody(c, CANCEL);
      const id = withoutVerb(c.req.param("build"));
      const build = findBuild(c, cloud, "cloudbuild.builds.update", id);
      requireUnfinished(build);
      build.stop.abort(new Stopped("CANCELLED"));
      await build.ended;
      return c.json(toBuild(cloud, build));
    });
  }
  addOperationRoutes(routes, cloud);
}

/** An operation is named by the build's id in base64. */
function addOperationRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  for (const path of [
    "/v1/projects/:project/locations/:location/operations/:operation{[A-Za-z0-9]{48}}",
    "/v1/operations/build/:project/:operation{[A-Za-z0-9]{48}}",
  ] as const) {
    routes.get(path, (c) => {
      const encoded = c.req.param("operation");
      const id = Buffer.from(encoded, "base64").toString();
      const build = findBuild(c, cloud, "cloudbuild.builds.get", id);
      return c.json(toOperation(cloud, build));
    });
  }
}

function listBuilds(c: Context<ApiEnv>, cloud: Cloud): object {
  requireKnownParameters(c, [
    "filter",
    "pageSize",
    "pageToken",
    "parent",
    "projectId",
  ]);
  const { parent } = readPlace(c, cloud, "cloudbuild.builds.list");
  const found = [...buildingOf(cloud).builds]
    .filter(([name]) => name.startsWith(`${parent}/`))
    .map(([, build]) => toBuild(cloud, build))
    .filter(parseFilter(c.req.query("filter")?.replaceAll('"', "")))
    .reverse();
  const { items, nextPageToken } = readPage(c, found, 1000);
  return {
    ...(items.length > 0 && { builds: items }),
    ...(nextPageToken !== undefined && { nextPageToken }),
  };
}

function findBuild(
  c: Context<ApiEnv>,
  cloud: Cloud,
  permission: string,
  id: string,
): StoredBuild {
  const { parent } = readPlace(c, cloud, permission);
  const build = buildingOf(cloud).builds.get(`${parent}/builds/${id}`);
  if (build !== undefined) return build;
  throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
}

function requireUnfinished({ finishTime, status }: StoredBuild): void {
  if (finishTime === undefined) return;
  throw new GoogleError(
    "FAILED_PRECONDITION",
    `cannot cancel build: build has already finished with status ${status}`,
  );
}
