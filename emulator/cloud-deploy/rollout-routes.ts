import { randomUUID } from "node:crypto";
import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../api.ts";
import {
  bool,
  map,
  message,
  outputOnly,
  readBody,
  string,
  uncovered,
} from "../message.ts";
import { requireKnownParameters } from "../query.ts";
import {
  advanceRollout,
  approveRollout,
  cancelRollout,
  ignoreJob,
  retryJob,
} from "./engine/commands.ts";
import type { EngineContext } from "./engine/context.ts";
import {
  createRollout,
  type NewRollout,
  planRollout,
} from "./engine/create-rollout.ts";
import { requireFound } from "./engine/find.ts";
import { parentOf, placeOf } from "./engine/names.ts";
import { withEtag } from "./etag.ts";
import { showPage } from "./lists.ts";
import type { Rollout } from "./rollout.ts";

/** Below a release. */
const ROLLOUTS =
  "/v1/projects/:project/locations/:location/deliveryPipelines/:pipeline/releases/:release/rollouts";

export const ROLLOUT_MESSAGE = message({
  name: string,
  targetId: string,
  description: string,
  labels: map(string),
  annotations: map(string),
  etag: outputOnly,
  uid: outputOnly,
  createTime: outputOnly,
  approvalState: outputOnly,
  state: outputOnly,
  phases: outputOnly,
  metadata: outputOnly,
  rollbackOfRollout: outputOnly,
});

/** Policies that restrict rollouts do not exist here, so none can be overridden. */
const OVERRIDE = { overrideDeployPolicy: uncovered };
const APPROVE = message({ approved: bool, ...OVERRIDE });
const ADVANCE = message({ phaseId: string, ...OVERRIDE });
const CANCEL = message(OVERRIDE);
const JOB = message({ phaseId: string, jobId: string, ...OVERRIDE });

export function addRolloutRoutes(
  routes: Hono<ApiEnv>,
  engine: EngineContext,
): void {
  const { delivery } = engine.cloud;
  routes.get(`${ROLLOUTS}/:rollout{[^/:]+}`, (c) =>
    c.json(withEtag(findRollout(c, engine))),
  );
  routes.get(ROLLOUTS, (c) => {
    const parent = c.req.path.replace(/^\/v1\/|\/rollouts$/g, "");
    const any = parent.endsWith("/releases/-");
    const found = [...delivery.rollouts.values()].filter(({ name }) =>
      any
        ? parentOf(parentOf(name)) === parentOf(parent)
        : parentOf(name) === parent,
    );
    return c.json(showPage(c, "rollouts", found.map(withEtag)));
  });
  routes.post(ROLLOUTS, (c) => create(c, engine));
  addVerb(routes, engine, "approve", async (c, rollout) => {
    const { approved = false } = await readBody(c, APPROVE);
    approveRollout(engine, rollout, approved);
  });
  addVerb(routes, engine, "advance", async (c, rollout) => {
    const { phaseId = "" } = await readBody(c, ADVANCE);
    advanceRollout(engine, rollout, phaseId);
  });
  addVerb(routes, engine, "cancel", async (c, rollout) => {
    await readBody(c, CANCEL);
    cancelRollout(engine, rollout);
  });
  addVerb(routes, engine, "retryJob", async (c, rollout) => {
    const { phaseId = "", jobId = "" } = await readBody(c, JOB);
    retryJob(engine, rollout, phaseId, jobId);
  });
  addVerb(routes, engine, "ignoreJob", async (c, rollout) => {
    const { phaseId = "", jobId = "" } = await readBody(c, JOB);
    ignoreJob(engine, rollout, phaseId, jobId);
  });
}

/** A custom method of one rollout that answers with nothing. */
function addVerb(
  routes: Hono<ApiEnv>,
  engine: EngineContext,
  verb: string,
  act: (c: Context<ApiEnv>, rollout: Rollout) => Promise<void>,
): void {
  routes.post(`${ROLLOUTS}/${withVerb("rollout", verb)}`, async (c) => {
    await act(c, findRollout(c, engine));
    return c.json({});
  });
}

async function create(c: Context<ApiEnv>, engine: EngineContext) {
  requireKnownParameters(c, [
    "rolloutId",
    "requestId",
    "startingPhaseId",
    "validateOnly",
  ]);
  const sent = await readBody(c, ROLLOUT_MESSAGE, "rollout");
  const { targetId = "", description, labels, annotations } = sent;
  const wanted: NewRollout = {
    release: c.req.path.replace(/^\/v1\/|\/rollouts$/g, ""),
    rolloutId: c.req.query("rolloutId") ?? "",
    targetId,
    startingPhaseId: c.req.query("startingPhaseId") ?? "",
    ...(description !== undefined && { description }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
  };
  const validateOnly = c.req.query("validateOnly") === "true";
  const rollout = validateOnly
    ? planRollout(engine.cloud, wanted)
    : createRollout(engine, wanted);
  return c.json(operationOf(engine, rollout));
}

/** The operation that created the rollout: done at once, as creating one is not running it. */
function operationOf({ cloud }: EngineContext, rollout: Rollout): object {
  const { project, location } = placeOf(rollout.name);
  const name = `projects/${project}/locations/${location}/operations/operation-${randomUUID()}`;
  const operation = {
    name,
    done: true as const,
    metadata: {
      "@type": "type.googleapis.com/google.cloud.deploy.v1.OperationMetadata",
      createTime: rollout.createTime,
      endTime: rollout.createTime,
      target: rollout.name,
      verb: "create",
      requestedCancellation: false,
      apiVersion: "v1",
    },
    response: {
      "@type": "type.googleapis.com/google.cloud.deploy.v1.Rollout",
      ...withEtag(structuredClone(rollout)),
    },
  };
  cloud.operations.set(name, operation);
  return operation;
}

/** Throws NOT_FOUND. */
function findRollout(c: Context, { cloud }: EngineContext): Rollout {
  const path = c.req.path.replace(/^\/v1\//, "");
  const name = idHasVerb(path) ? withoutVerb(path) : path;
  return requireFound(cloud.delivery.rollouts.get(name), name);
}

function idHasVerb(path: string): boolean {
  return path.slice(path.lastIndexOf("/")).includes(":");
}
