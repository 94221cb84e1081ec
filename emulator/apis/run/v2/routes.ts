import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../../../core/api.ts";
import { GoogleError } from "../../../core/google-error.ts";
import { showPolicy } from "../../../core/policy.ts";
import { readRequestedVersion } from "../../../core/policy-request.ts";
import { readPage, requireKnownParameters } from "../../../core/query.ts";
import type { RunContext } from "../context.ts";
import { findService, listServices, type Place, placeOf } from "../place.ts";
import { serviceKey } from "../service-commands.ts";
import { type RunOperation, runOf } from "../state.ts";
import { showOperationV2, showRevisionV2, showServiceV2 } from "./views.ts";

const PARENT = "/v2/projects/:project/locations/:location";
const SERVICE = `${PARENT}/services/:service{[^/:]+}` as const;
const REVISIONS = `${PARENT}/services/:service/revisions` as const;

const MAXIMUM = 1000;

/** The server picks a size where the client names none. */
const UNASKED = 50;

const LIST = ["pageSize", "pageToken", "showDeleted"];

/** Cloud Run v2 over the same services: what can be read. Its writes are not covered. */
export function addRoutesV2(routes: Hono<ApiEnv>, { cloud }: RunContext): void {
  routes.get(`${PARENT}/services`, (c) => {
    const place = placeOf(c, cloud);
    const all = listServices(place).map((s) => showServiceV2(place.project, s));
    return showPage(c, "services", all, LIST);
  });
  routes.get(SERVICE, (c) => {
    requireKnownParameters(c, []);
    const place = placeOf(c, cloud);
    const service = findService(place, c.req.param("service"));
    return c.json(showServiceV2(place.project, service));
  });
  routes.get(
    `${PARENT}/services/${withVerb("service", "getIamPolicy")}`,
    (c) => {
      const version = readRequestedVersion(c);
      const name = withoutVerb(c.req.param("service"));
      const { policy } = findService(placeOf(c, cloud), name);
      return c.json(showPolicy(policy, version));
    },
  );
  routes.get(REVISIONS, (c) => {
    const place = placeOf(c, cloud);
    const service = findService(place, c.req.param("service"));
    const newestFirst = [...service.revisions.values()].reverse();
    const all = newestFirst.map((r) =>
      showRevisionV2(place.project, service, r),
    );
    return showPage(c, "revisions", all, LIST);
  });
  routes.get(`${REVISIONS}/:revision{[^/:]+}`, (c) => {
    requireKnownParameters(c, []);
    const place = placeOf(c, cloud);
    const service = findService(place, c.req.param("service"));
    const revision = service.revisions.get(c.req.param("revision"));
    if (revision === undefined) throw notFound(c);
    return c.json(showRevisionV2(place.project, service, revision));
  });
  routes.get(`${PARENT}/operations`, (c) => {
    const place = placeOf(c, cloud);
    const all = [...runOf(place.project).operations.values()]
      .filter(({ region }) => place.region === "-" || region === place.region)
      .map((operation) => show(place, operation));
    const known = ["filter", "pageSize", "pageToken", "returnPartialSuccess"];
    return showPage(c, "operations", all, known);
  });
  routes.get(`${PARENT}/operations/:operation{[^/:]+}`, (c) => {
    requireKnownParameters(c, []);
    const place = placeOf(c, cloud);
    const { operations } = runOf(place.project);
    const operation = operations.get(c.req.param("operation"));
    if (operation?.region !== place.region) throw notFound(c);
    return c.json(show(place, operation));
  });
}

function show({ project }: Place, operation: RunOperation): object {
  const { region, service } = operation;
  const made = runOf(project).services.get(serviceKey(region, service));
  return showOperationV2(project, operation, made);
}

function showPage(
  c: Context,
  field: string,
  all: readonly object[],
  known: readonly string[],
): Response {
  requireKnownParameters(c, known);
  const { items, nextPageToken } = readPage(c, all, MAXIMUM, UNASKED);
  return c.json({
    ...(items.length > 0 && { [field]: items }),
    ...(nextPageToken !== undefined && { nextPageToken }),
  });
}

function notFound(c: Context): GoogleError {
  const resource = c.req.path.replace(/^\/v2\//, "");
  return new GoogleError("NOT_FOUND", `Resource '${resource}' was not found`);
}
