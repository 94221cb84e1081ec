import type { Hono } from "hono";
import { type ApiEnv, withVerb } from "../../core/api.ts";
import {
  bool,
  message,
  readBody,
  string,
  uncovered,
} from "../../core/message.ts";
import type { EngineContext } from "./engine/context.ts";
import {
  createRollout,
  type NewRollout,
  planRollout,
} from "./engine/create-rollout.ts";
import { planRollback } from "./engine/rollback.ts";
import { withEtag } from "./etag.ts";
import { LOCATION, readName } from "./place.ts";
import { requireExecutor } from "./require-executor.ts";
import { ROLLOUT_MESSAGE } from "./rollout-routes.ts";

const ROLLBACK = message({
  targetId: string,
  rolloutId: string,
  releaseId: string,
  rolloutToRollBack: string,
  validateOnly: bool,
  overrideDeployPolicy: uncovered,
  rollbackConfig: message({
    rollout: ROLLOUT_MESSAGE,
    startingPhaseId: string,
  }),
});

/** `deliveryPipelines/D:rollbackTarget`: a rollout that takes the latest one back. */
export function addRollbackRoute(
  routes: Hono<ApiEnv>,
  engine: EngineContext,
): void {
  const verb = withVerb("pipeline", "rollbackTarget");
  const path = `${LOCATION}/deliveryPipelines/${verb}` as const;
  routes.post(path, async (c) => {
    const pipeline = readName(c, engine.cloud);
    const sent = await readBody(c, ROLLBACK);
    const { targetId = "", rollbackConfig = {}, validateOnly = false } = sent;
    const { release, undone } = planRollback(
      engine.cloud,
      pipeline,
      targetId,
      sent,
    );
    const { description, labels, annotations } = rollbackConfig.rollout ?? {};
    const startingPhaseId = rollbackConfig.startingPhaseId ?? "stable";
    const wanted: NewRollout = {
      release,
      rolloutId: sent.rolloutId ?? "",
      targetId,
      startingPhaseId,
      rollbackOfRollout: undone.name,
      ...(description !== undefined && { description }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    };
    requireExecutor(engine.cloud, wanted, c.var.caller);
    const rollout = validateOnly
      ? planRollout(engine.cloud, wanted)
      : createRollout(engine, wanted);
    return c.json({
      rollbackConfig: { rollout: withEtag(rollout), startingPhaseId },
    });
  });
}
