import type { Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../api.ts";
import { message, readBody, uncovered } from "../message.ts";
import { terminateJobRun } from "./engine/commands.ts";
import type { EngineContext } from "./engine/context.ts";
import { requireFound } from "./engine/find.ts";
import { parentOf } from "./engine/names.ts";
import { withEtag } from "./etag.ts";
import { showPage } from "./lists.ts";

const JOB_RUNS =
  "/v1/projects/:project/locations/:location/deliveryPipelines/:pipeline/releases/:release/rollouts/:rollout/jobRuns";

const TERMINATE = message({ overrideDeployPolicy: uncovered });

export function addJobRunRoutes(
  routes: Hono<ApiEnv>,
  engine: EngineContext,
): void {
  const { jobRuns } = engine.cloud.delivery;
  routes.get(`${JOB_RUNS}/:run{[^/:]+}`, (c) => {
    const name = c.req.path.replace(/^\/v1\//, "");
    return c.json(withEtag(requireFound(jobRuns.get(name), name)));
  });
  routes.get(JOB_RUNS, (c) => {
    const parent = c.req.path.replace(/^\/v1\/|\/jobRuns$/g, "");
    const found = [...jobRuns.values()].filter(
      ({ name }) => parentOf(name) === parent,
    );
    return c.json(showPage(c, "jobRuns", found.map(withEtag)));
  });
  routes.post(`${JOB_RUNS}/${withVerb("run", "terminate")}`, async (c) => {
    await readBody(c, TERMINATE);
    const name = withoutVerb(c.req.path.replace(/^\/v1\//, ""));
    terminateJobRun(engine, requireFound(jobRuns.get(name), name));
    return c.json({});
  });
}
