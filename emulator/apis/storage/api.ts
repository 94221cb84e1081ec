import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { addBucketRoutes } from "./bucket-routes.ts";
import { addFolderRoutes } from "./folder-routes.ts";
import { addObjectRoutes } from "./object-routes.ts";
import { addPolicyRoutes } from "./policy-routes.ts";
import { addUploadRoutes } from "./upload-routes.ts";

/** Cloud Storage's JSON API: buckets, their policies, objects. */
export function storageApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  addPolicyRoutes(routes, cloud);
  addBucketRoutes(routes, cloud);
  addFolderRoutes(routes, cloud);
  addUploadRoutes(routes, cloud);
  addObjectRoutes(routes, cloud);
  return {
    service: "storage.googleapis.com",
    title: "Cloud Storage API",
    hosts: /^(storage|www)\.googleapis\.com$/,
    routes,
  };
}
