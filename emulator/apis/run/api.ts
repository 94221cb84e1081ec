import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import { ACCESS } from "./access.ts";
import type { RunContext } from "./context.ts";
import { addOperationRoutes } from "./operation-routes.ts";
import { HOSTS } from "./place.ts";
import { addPolicyRoutes } from "../../core/policy-routes.ts";
import { policyResource } from "./policy-resource.ts";
import { addRevisionRoutes } from "./revision-routes.ts";
import { addServiceRoutes } from "./service-routes.ts";
import { runOf } from "./state.ts";
import { addRoutesV2 } from "./v2/routes.ts";

/** Cloud Run Admin API v1: services with all that belongs to them; v2 to read them. */
export function cloudRunApi(context: RunContext): Api {
  const routes = new Hono<ApiEnv>();
  addPolicyRoutes(routes, context.cloud, policyResource(context));
  addServiceRoutes(routes, context);
  addRevisionRoutes(routes, context);
  addOperationRoutes(routes, context);
  addRoutesV2(routes, context);
  return {
    service: "run.googleapis.com",
    title: "Cloud Run Admin API",
    hosts: HOSTS,
    needsBilling: true,
    access: ACCESS,
    routes,
    close: () => closeRun(context),
  };
}

/** From now on nothing that is still coming up is routed to. */
async function closeRun({ cloud, runtime }: RunContext): Promise<void> {
  for (const project of cloud.projects.values()) {
    for (const service of runOf(project).services.values())
      service.deleted = true;
  }
  await runtime.close();
}
