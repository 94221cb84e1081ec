import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { message, readBody } from "../../core/message.ts";
import { requireKnownParameters } from "../../core/query.ts";
import type { EngineContext } from "./engine/context.ts";
import { requireFound } from "./engine/find.ts";
import { parentOf, pipelineOf } from "./engine/names.ts";
import { showPage } from "./lists.ts";
import { finishOperation } from "./operations.ts";
import { LOCATION, readName, requireId, withProjectNumber } from "./place.ts";
import { planRelease } from "./plan-release.ts";
import { renderRelease } from "./render-release.ts";
import { SKAFFOLD_SUPPORTED } from "./render/versions.ts";
import { RELEASE } from "./requests.ts";
import { type Release, type StoredRelease, deliveryOf } from "./state.ts";

const RELEASES = `${LOCATION}/deliveryPipelines/:pipeline/releases` as const;

/** Releases cannot be changed or deleted, only abandoned. */
export function addReleaseRoutes(
  routes: Hono<ApiEnv>,
  context: EngineContext,
): void {
  const { cloud } = context;
  const { pipelines, releases } = deliveryOf(cloud);
  routes.get(RELEASES, (c) => {
    const name = readName(c, cloud);
    const pipeline = pipelineOf(name);
    requireFound(pipelines.get(pipeline), pipeline);
    const found = [...releases.values()]
      .filter(({ resource }) => parentOf(resource.name) === pipeline)
      .map(({ resource }) => showRelease(cloud, resource));
    return c.json(showPage(c, "releases", found));
  });
  routes.get(`${RELEASES}/:release{[^/:]+}`, (c) =>
    c.json(showRelease(cloud, findRelease(c, cloud).resource)),
  );
  routes.post(RELEASES, (c) => create(c, context));
  routes.post(`${RELEASES}/${withVerb("release", "abandon")}`, async (c) => {
    await readBody(c, message({}));
    findRelease(c, cloud).resource.abandoned = true;
    return c.json({});
  });
}

async function create(c: Context<ApiEnv>, context: EngineContext) {
  requireKnownParameters(c, ["releaseId", "requestId", "validateOnly"]);
  const { cloud } = context;
  const id = c.req.query("releaseId") ?? "";
  requireId("release_id", id);
  const sent = await readBody(c, RELEASE, "release");
  const full = `${readName(c, cloud)}/${id}`;
  const resource = planRelease(cloud, full, sent, c.var.caller);
  const { name } = resource;
  if (c.req.query("validateOnly")?.toLowerCase() !== "true") {
    start(context, resource);
  }
  const shown = showRelease(cloud, resource);
  return c.json(finishOperation(cloud, name, "create", "Release", shown));
}

/** Keeps the release and renders it soon: whoever reads it at once sees its render in progress. */
function start(context: EngineContext, resource: Release): void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stored: StoredRelease = {
    resource,
    rendered: new Map(),
    renderedAll: promise,
  };
  deliveryOf(context.cloud).releases.set(resource.name, stored);
  setImmediate(() => {
    renderRelease(context, stored);
    resolve(undefined);
  });
}

/** Google keeps the names of what a release was made from by the project's number. */
function showRelease(cloud: Cloud, release: Release): object {
  const numbered = <T extends { name: string }>(resource: T): T => ({
    ...resource,
    name: withProjectNumber(cloud, resource.name),
  });
  const { deliveryPipelineSnapshot, targetSnapshots } = release;
  const { targetRenders = {} } = release;
  return {
    ...release,
    deliveryPipelineSnapshot: numbered(deliveryPipelineSnapshot),
    targetSnapshots: targetSnapshots.map(numbered),
    targetRenders: Object.fromEntries(
      Object.entries(targetRenders).map(([target, render]) => [
        target,
        {
          ...render,
          renderingBuild: withProjectNumber(cloud, render.renderingBuild),
        },
      ]),
    ),
    condition: {
      releaseReadyCondition: { status: release.renderState !== "FAILED" },
      skaffoldSupportedCondition: SKAFFOLD_SUPPORTED,
    },
  };
}

/** Throws NOT_FOUND. */
function findRelease(c: Context<ApiEnv>, cloud: Cloud): StoredRelease {
  const name = readName(c, cloud);
  return requireFound(deliveryOf(cloud).releases.get(name), name);
}
