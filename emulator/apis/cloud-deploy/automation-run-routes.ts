import type { Hono } from "hono";
import { type ApiEnv, withVerb } from "../../core/api.ts";
import { GoogleError } from "../../core/google-error.ts";
import { message, readBody } from "../../core/message.ts";
import type { EngineContext } from "./engine/context.ts";
import { requireFound } from "./engine/find.ts";
import { parentOf } from "./engine/names.ts";
import { withEtag } from "./etag.ts";
import { showPage } from "./lists.ts";
import { LOCATION, readName } from "./place.ts";
import { deliveryOf } from "./state.ts";

const AUTOMATION_RUNS =
  `${LOCATION}/deliveryPipelines/:pipeline/automationRuns` as const;

const NOTHING = message({});

export function addAutomationRunRoutes(
  routes: Hono<ApiEnv>,
  engine: EngineContext,
): void {
  const { automationRuns } = deliveryOf(engine.cloud);
  routes.get(`${AUTOMATION_RUNS}/:run{[^/:]+}`, (c) => {
    const name = readName(c, engine.cloud);
    return c.json(withEtag(requireFound(automationRuns.get(name), name)));
  });
  routes.get(AUTOMATION_RUNS, (c) => {
    const parent = parentOf(`${readName(c, engine.cloud)}/id`);
    const found = [...automationRuns.values()].filter(
      ({ name }) => parentOf(name) === parent,
    );
    return c.json(showPage(c, "automationRuns", found.map(withEtag)));
  });
  routes.post(`${AUTOMATION_RUNS}/${withVerb("run", "cancel")}`, async (c) => {
    await readBody(c, NOTHING);
    const name = readName(c, engine.cloud);
    const run = requireFound(automationRuns.get(name), name);
    const task = engine.automating.get(name);
    if (task === undefined) {
      throw new GoogleError(
        "FAILED_PRECONDITION",
        `automation run "${name}" is in state ${run.state}`,
      );
    }
    task.stop.abort(new Error("The automation run was cancelled."));
    return c.json({});
  });
}
