import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../../core/api.ts";
import { GoogleError } from "../../core/google-error.ts";
import { message, readBody, string } from "../../core/message.ts";
import { readPage } from "../../core/query.ts";
import type { RunContext } from "./context.ts";
import { showOperation, waitForOperation } from "./operations.ts";
import { placeOf } from "./place.ts";
import { REGIONS } from "./regions.ts";
import { runOf } from "./state.ts";

const PARENT = "/v1/projects/:project/locations/:location/operations";

const WAIT = message({ timeout: string });

/** How long Google waits where the request does not say. */
const WAIT_SECONDS = 30;

/** Operations and locations. */
export function addOperationRoutes(
  routes: Hono<ApiEnv>,
  context: RunContext,
): void {
  routes.get(`${PARENT}/:operation{[^/:]+}`, (c) => {
    const found = find(c, context, c.req.param("operation"));
    return c.json(showOperation(found.project, found.operation));
  });
  routes.get(PARENT, (c) => {
    const { project, region } = placeOf(c, context.cloud);
    const all = [...runOf(project).operations.values()].filter(
      (operation) => region === "-" || operation.region === region,
    );
    const { items, nextPageToken } = readPage(c, all, 100);
    return c.json({
      operations: items.map((operation) => showOperation(project, operation)),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
  routes.post(`${PARENT}/${withVerb("operation", "wait")}`, async (c) => {
    const id = withoutVerb(c.req.param("operation"));
    const { project, operation } = find(c, context, id);
    const { timeout = "" } = await readBody(c, WAIT);
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(timeout)?.[1] ?? WAIT_SECONDS;
    await waitForOperation(operation, Number(seconds) * 1000);
    return c.json(showOperation(project, operation));
  });
  routes.get("/v1/projects/:project/locations", (c) => {
    const { projectId } = context.cloud.project(c.req.param("project"));
    const { items, nextPageToken } = readPage(c, Object.entries(REGIONS), 100);
    return c.json({
      locations: items.map(([locationId, displayName]) => ({
        name: `projects/${projectId}/locations/${locationId}`,
        locationId,
        displayName,
        labels: { "cloud.googleapis.com/region": locationId },
      })),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
}

function find(c: Context<ApiEnv>, { cloud }: RunContext, id: string) {
  const { project, region } = placeOf(c, cloud);
  const operation = runOf(project).operations.get(id);
  if (operation?.region === region) return { project, operation };
  throw new GoogleError("NOT_FOUND", `Operation '${id}' was not found.`);
}
