import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { addPolicyRoutes } from "../../core/policy-routes.ts";
import { accessOf } from "./access.ts";
import { addAccountRoutes, addStateRoutes } from "./account-routes.ts";
import { policyResource } from "./policy-resource.ts";
import { addProviderRoutes } from "./pools/provider-routes.ts";
import { addPoolRoutes } from "./pools/routes.ts";

/** Service accounts and who may use them, also from elsewhere: pools of workload identities. */
export function iamApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  addStateRoutes(routes, cloud);
  addPolicyRoutes(routes, cloud, policyResource(cloud));
  addAccountRoutes(routes, cloud);
  addPoolRoutes(routes, cloud);
  addProviderRoutes(routes, cloud);
  return {
    service: "iam.googleapis.com",
    title: "Identity and Access Management (IAM) API",
    hosts: /^iam\.googleapis\.com$/,
    access: accessOf(cloud),
    routes,
  };
}
