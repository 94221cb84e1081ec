import type { Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { requireKnownParameters } from "../../core/query.ts";
import { requireFound } from "./engine/find.ts";
import { parentOf, pipelineOf } from "./engine/names.ts";
import { showPage } from "./lists.ts";
import { finishOperation } from "./operations.ts";
import { LOCATION, readName, requireId } from "./place.ts";
import type { ResourceKind } from "./resource-kind.ts";
import { type Resource, deliveryOf } from "./state.ts";
import { changeResource, makeResource, requireEtag } from "./write-resource.ts";

/** Lists, reads, creates, changes and deletes resources of one kind, directly in a location or in `parent` there. */
export function addResourceRoutes<
  Sent extends { etag?: string },
  Kept extends Resource,
>(
  routes: Hono<ApiEnv>,
  cloud: Cloud,
  kind: ResourceKind<Sent, Kept>,
  parent = "",
): void {
  const store = kind.store(cloud);
  const collection = `${LOCATION}${parent}/${kind.collection}`;
  const resource = `${collection}/:id{[^/:]+}`;
  routes.get(collection, (c) => {
    const name = readName(c, cloud);
    requireParent(cloud, name);
    const found = [...store.values()].filter(
      (candidate) => parentOf(candidate.name) === parentOf(`${name}/id`),
    );
    const shown = found.map((item) => kind.show(cloud, item));
    return c.json(showPage(c, kind.collection, shown));
  });
  routes.get(resource, (c) => {
    const name = readName(c, cloud);
    return c.json(kind.show(cloud, requireFound(store.get(name), name)));
  });
  routes.post(collection, (c) => create(c, cloud, kind));
  routes.patch(resource, (c) => patch(c, cloud, kind));
  routes.delete(resource, (c) => remove(c, cloud, kind));
}

async function create<Sent, Kept extends Resource>(
  c: Context<ApiEnv>,
  cloud: Cloud,
  kind: ResourceKind<Sent, Kept>,
) {
  requireKnownParameters(c, [kind.idParameter, "requestId", "validateOnly"]);
  const id = c.req.query(kind.idParameter) ?? "";
  const parent = readName(c, cloud);
  requireParent(cloud, parent);
  requireId(toSnakeCase(kind.idParameter), id);
  const sent = await readBody(c, kind.message, kind.field);
  const name = `${parent}/${id}`;
  if (kind.store(cloud).has(name)) {
    throw new GoogleError(
      "ALREADY_EXISTS",
      `Resource '${name}' already exists`,
    );
  }
  const made = makeResource(cloud, kind, name, sent);
  return c.json(keep(c, cloud, kind, made, "create"));
}

async function patch<Sent extends { etag?: string }, Kept extends Resource>(
  c: Context<ApiEnv>,
  cloud: Cloud,
  kind: ResourceKind<Sent, Kept>,
) {
  requireKnownParameters(c, [
    "updateMask",
    "allowMissing",
    "requestId",
    "validateOnly",
  ]);
  const name = readName(c, cloud);
  const sent = await readBody(c, kind.message, kind.field);
  const current = kind.store(cloud).get(name);
  if (current !== undefined) {
    const mask = c.req.query("updateMask") ?? "";
    const changed = changeResource(cloud, kind, current, sent, mask);
    return c.json(keep(c, cloud, kind, changed, "update"));
  }
  const allowMissing = isTrue(c, "allowMissing");
  requireFound(allowMissing ? name : undefined, name);
  requireParent(cloud, parentOf(`${name}/`));
  requireId(`${kind.field}_id`, name.slice(name.lastIndexOf("/") + 1));
  const made = makeResource(cloud, kind, name, sent);
  return c.json(keep(c, cloud, kind, made, "create"));
}

function keep<Sent, Kept extends Resource>(
  c: Context<ApiEnv>,
  cloud: Cloud,
  kind: ResourceKind<Sent, Kept>,
  resource: Kept,
  verb: "create" | "update",
): object {
  const { name } = resource;
  if (!isTrue(c, "validateOnly")) kind.store(cloud).set(name, resource);
  const shown = kind.show(cloud, resource);
  return finishOperation(cloud, name, verb, kind.type, shown);
}

function remove<Sent, Kept extends Resource>(
  c: Context<ApiEnv>,
  cloud: Cloud,
  kind: ResourceKind<Sent, Kept>,
) {
  requireKnownParameters(c, [
    "allowMissing",
    "etag",
    "requestId",
    "validateOnly",
    ...(kind.deleteChildren ? ["force"] : []),
  ]);
  const name = readName(c, cloud);
  const current = kind.store(cloud).get(name);
  // gcloud takes an operation without a name for nothing to do.
  if (current === undefined && isTrue(c, "allowMissing")) return c.json({});
  requireEtag(requireFound(current, name), c.req.query("etag"));
  if (!isTrue(c, "validateOnly")) {
    kind.deleteChildren?.(cloud, name, isTrue(c, "force"));
    kind.store(cloud).delete(name);
  }
  return c.json(finishOperation(cloud, name, "delete"));
}

/** Throws NOT_FOUND where the collection lies in a pipeline that does not exist. */
function requireParent(cloud: Cloud, collection: string): void {
  if (collection.split("/").length < 7) return;
  const pipeline = pipelineOf(collection);
  requireFound(deliveryOf(cloud).pipelines.get(pipeline), pipeline);
}

function isTrue(c: Context<ApiEnv>, parameter: string): boolean {
  // gcloud sends Python's True.
  return c.req.query(parameter)?.toLowerCase() === "true";
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
