import type { Hono } from "hono";
import { type ApiEnv, withVerb } from "../../core/api.ts";
import { message, readBody, uncovered } from "../../core/message.ts";
import { terminateJobRun } from "./engine/commands.ts";
import type { EngineContext } from "./engine/context.ts";
import { requireFound } from "./engine/find.ts";
import { parentOf } from "./engine/names.ts";
import { withEtag } from "./etag.ts";
import { showPage } from "./lists.ts";
import { LOCATION, readName } from "./place.ts";
import { deliveryOf } from "./state.ts";

const JOB_RUNS =
  `${LOCATION}/deliveryPipelines/:pipeline/releases/:release/rollouts/:rollout/jobRuns` as const;

const TERMINATE = message({ overrideDeployPolicy: uncovered });

export function addJobRunRoutes(
  routes: Hono<ApiEnv>,
  engine: EngineContext,
): void {
  const { jobRuns } = deliveryOf(engine.cloud);
  routes.get(`${JOB_RUNS}/:run{[^/:]+}`, (c) => {
    const name = readName(c, engine.cloud);
    return c.json(withEtag(requireFound(jobRuns.get(name), name)));
  });
  routes.get(JOB_RUNS, (c) => {
    const parent = parentOf(`${readName(c, engine.cloud)}/id`);
    const found = [...jobRuns.values()].filter(
      ({ name }) => parentOf(name) === parent,
    );
    return c.json(showPage(c, "jobRuns", found.map(withEtag)));
  });
  routes.post(`${JOB_RUNS}/${withVerb("run", "terminate")}`, async (c) => {
    await readBody(c, TERMINATE);
    const name = readName(c, engine.cloud);
    terminateJobRun(engine, requireFound(jobRuns.get(name), name));
    return c.json({});
  });
}
