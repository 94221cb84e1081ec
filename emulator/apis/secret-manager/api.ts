import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { ACCESS } from "./access.ts";
import { SECRET_MANAGER } from "./access-secret.ts";
import { addPolicyRoutes } from "../../core/policy-routes.ts";
import type { LongestDelay } from "./delayed-destruction.ts";
import { policyResource } from "./policy-resource.ts";
import { addSecretRoutes } from "./secret-routes.ts";
import { addVersionRoutes } from "./version-routes.ts";

/** Secret Manager v1, global secrets. */
export function secretManagerApi(
  cloud: Cloud,
  longestDelay: LongestDelay,
): Api {
  const routes = new Hono<ApiEnv>();
  addPolicyRoutes(routes, cloud, policyResource(cloud));
  addVersionRoutes(routes, cloud, longestDelay);
  addSecretRoutes(routes, cloud);
  return {
    ...SECRET_MANAGER,
    hosts: /^secretmanager\.googleapis\.com$/,
    needsBilling: true,
    access: ACCESS,
    routes,
  };
}
