import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { addImageRoutes } from "./image-routes.ts";
import { addPolicyRoutes } from "../../core/policy-routes.ts";
import { policyResource } from "./policy-resource.ts";
import { addRepositoryRoutes } from "./repository-routes.ts";

/** Artifact Registry v1: Docker repositories, and reading what is in them. */
export function artifactRegistryApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  addPolicyRoutes(routes, cloud, policyResource(cloud));
  addRepositoryRoutes(routes, cloud);
  addImageRoutes(routes, cloud);
  return {
    service: "artifactregistry.googleapis.com",
    title: "Artifact Registry API",
    hosts: /^artifactregistry\.googleapis\.com$/,
    needsBilling: true,
    routes,
  };
}
