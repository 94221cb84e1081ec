import type { Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { requireKnownParameters } from "../../core/query.ts";
import type { RunContext } from "./context.ts";
import { showList } from "./lists.ts";
import { findService, listServices, PARENTS, placeOf } from "./place.ts";
import { deleteService, serviceKey, writeService } from "./service-commands.ts";
import { SERVICE } from "./service-shape.ts";
import type { ServiceWrite } from "./service-write.ts";
import {
  showConfiguration,
  showDryRun,
  showRoute,
  showService,
} from "./service-view.ts";
import { showDeleted } from "./status.ts";
import { runOf } from "./state.ts";

/** Services; and configurations and routes, the two halves of one. */
export function addServiceRoutes(
  routes: Hono<ApiEnv>,
  context: RunContext,
): void {
  const { cloud } = context;
  for (const parent of PARENTS) {
    routes.get(`${parent}/services`, (c) =>
      c.json(list(c, context, "ServiceList", showService)),
    );
    routes.post(`${parent}/services`, (c) => create(c, context));
    routes.put(`${parent}/services/:name{[^/:]+}`, (c) => replace(c, context));
    routes.delete(`${parent}/services/:name{[^/:]+}`, (c) =>
      remove(c, context),
    );
    for (const [collection, kind, show] of [
      ["services", "", showService],
      ["configurations", "ConfigurationList", showConfiguration],
      ["routes", "RouteList", showRoute],
    ] as const) {
      routes.get(`${parent}/${collection}/:name{[^/:]+}`, (c) => {
        const place = placeOf(c, cloud);
        const service = findService(place, c.req.param("name"));
        return c.json(show(place.project, service));
      });
      if (kind === "") continue;
      routes.get(`${parent}/${collection}`, (c) =>
        c.json(list(c, context, kind, show)),
      );
    }
  }
}

function list(
  c: Context<ApiEnv>,
  { cloud }: RunContext,
  kind: string,
  show: typeof showService,
): object {
  const place = placeOf(c, cloud);
  return showList(c, kind, listServices(place), {
    labels: ({ labels, region }) => ({
      ...labels,
      "cloud.googleapis.com/location": region,
    }),
    show: (service) => show(place.project, service),
  });
}

async function create(c: Context<ApiEnv>, context: RunContext) {
  const dryRun = readDryRun(c);
  const message = await readBody(c, SERVICE, "service");
  const { project, region } = placeOf(c, context.cloud);
  const name = message.metadata?.name ?? "";
  if (runOf(project).services.has(serviceKey(region, name))) {
    throw new GoogleError(
      "ALREADY_EXISTS",
      `Resource '${name}' already exists.`,
    );
  }
  const { caller } = c.var;
  const write = { caller, project, region, existing: undefined, message };
  return answerWrite(c, context, write, dryRun);
}

async function replace(c: Context<ApiEnv>, context: RunContext) {
  const dryRun = readDryRun(c);
  const message = await readBody(c, SERVICE, "service");
  const place = placeOf(c, context.cloud);
  const existing = findService(place, c.req.param("name") ?? "");
  const { caller } = c.var;
  return answerWrite(
    c,
    context,
    { caller, ...place, existing, message },
    dryRun,
  );
}

function answerWrite(
  c: Context<ApiEnv>,
  context: RunContext,
  write: ServiceWrite,
  dryRun: boolean,
) {
  const service = writeService(context, write, dryRun);
  const show = dryRun ? showDryRun : showService;
  return c.json(show(write.project, service));
}

function remove(c: Context<ApiEnv>, context: RunContext) {
  const dryRun = readDryRun(c, ["apiVersion", "kind", "propagationPolicy"]);
  const place = placeOf(c, context.cloud);
  const service = findService(place, c.req.param("name") ?? "");
  if (!dryRun) deleteService(context, service);
  return c.json(showDeleted("services", service.name, service.uid));
}

/** `dryRun=all` only checks. */
function readDryRun(c: Context, others: readonly string[] = []): boolean {
  requireKnownParameters(c, ["dryRun", ...others]);
  const dryRun = c.req.query("dryRun") ?? "";
  if (dryRun === "" || dryRun === "all") return dryRun === "all";
  throw new GoogleError("INVALID_ARGUMENT", "dry_run: must be 'all' or unset.");
}
