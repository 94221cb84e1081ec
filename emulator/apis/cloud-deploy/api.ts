import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import { ACCESS } from "./access.ts";
import { addAutomationRunRoutes } from "./automation-run-routes.ts";
import { AUTOMATIONS } from "./automations.ts";
import { stopTasks } from "./engine/context.ts";
import { type EngineOptions, newEngine } from "./engine/engine.ts";
import { addJobRunRoutes } from "./job-run-routes.ts";
import { addLocationRoutes } from "./location-routes.ts";
import { pipelineKind } from "./pipelines.ts";
import { addReleaseRoutes } from "./release-routes.ts";
import { addResourceRoutes } from "./resource-routes.ts";
import { TARGETS } from "./targets.ts";
import { addRollbackRoute } from "./rollback-route.ts";
import { addRolloutRoutes } from "./rollout-routes.ts";

/** Cloud Deploy v1: pipelines, and the rollouts that really run through them. */
export function cloudDeployApi({
  takesEmptyPhases,
  ...options
}: EngineOptions & { takesEmptyPhases: () => boolean }): Api {
  const routes = new Hono<ApiEnv>();
  const engine = newEngine(options);
  const { cloud } = options;
  addLocationRoutes(routes, cloud);
  addResourceRoutes(routes, cloud, pipelineKind(takesEmptyPhases));
  addResourceRoutes(routes, cloud, TARGETS);
  addResourceRoutes(routes, cloud, AUTOMATIONS, "/deliveryPipelines/:pipeline");
  addReleaseRoutes(routes, engine);
  addRollbackRoute(routes, engine);
  addRolloutRoutes(routes, engine);
  addJobRunRoutes(routes, engine);
  addAutomationRunRoutes(routes, engine);
  return {
    service: "clouddeploy.googleapis.com",
    title: "Cloud Deploy API",
    hosts: /^clouddeploy\.googleapis\.com$/,
    needsBilling: true,
    access: ACCESS,
    routes,
    close: () => stopTasks(engine),
  };
}
