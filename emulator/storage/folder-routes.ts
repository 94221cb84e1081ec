import type { Hono } from "hono";
import type { ApiEnv } from "../api.ts";
import type { Cloud } from "../cloud.ts";
import { requireKnownParameters } from "../query.ts";
import { openBucket } from "./access.ts";

/** Managed folders, which no bucket has here: `gcloud storage rm --recursive` asks for them. */
export function addFolderRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.get("/storage/v1/b/:bucket/managedFolders", (c) => {
    requireKnownParameters(c, ["pageSize", "prefix"]);
    const { bucket } = c.req.param();
    openBucket(cloud, bucket, c.var.caller, "storage.managedFolders.list");
    return c.json({ kind: "storage#managedFolders" });
  });
}
