import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb } from "../../core/api.ts";
import {
  bool,
  map,
  message,
  outputOnly,
  readBody,
  string,
  uncovered,
} from "../../core/message.ts";
import { requireKnownParameters } from "../../core/query.ts";
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
import { parentOf } from "./engine/names.ts";
import { withEtag } from "./etag.ts";
import { showPage } from "./lists.ts";
import { finishOperation } from "./operations.ts";
import { LOCATION, readName } from "./place.ts";
import { requireExecutor } from "./require-executor.ts";
import type { Rollout } from "./rollout.ts";
import { deliveryOf } from "./state.ts";

/** Below a release. */
const ROLLOUTS =
  `${LOCATION}/deliveryPipelines/:pipeline/releases/:release/rollouts` as const;

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
  const delivery = deliveryOf(engine.cloud);
  routes.get(`${ROLLOUTS}/:rollout{[^/:]+}`, (c) =>
    c.json(withEtag(findRollout(c, engine))),
  );
  routes.get(ROLLOUTS, (c) => {
    const parent = parentOf(`${readName(c, engine.cloud)}/id`);
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
    release: parentOf(`${readName(c, engine.cloud)}/id`),
    rolloutId: c.req.query("rolloutId") ?? "",
    targetId,
    startingPhaseId: c.req.query("startingPhaseId") ?? "",
    ...(description !== undefined && { description }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
  };
  requireExecutor(engine.cloud, wanted, c.var.caller);
  const validateOnly = c.req.query("validateOnly") === "true";
  const rollout = validateOnly
    ? planRollout(engine.cloud, wanted)
    : createRollout(engine, wanted);
  // Creating a rollout is not running it.
  return c.json(
    finishOperation(
      engine.cloud,
      rollout.name,
      "create",
      "Rollout",
      withEtag(rollout),
    ),
  );
}

/** Throws NOT_FOUND. */
function findRollout(c: Context<ApiEnv>, { cloud }: EngineContext): Rollout {
  const name = readName(c, cloud);
  return requireFound(deliveryOf(cloud).rollouts.get(name), name);
}
