import type { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { requireKnownParameters } from "../../core/query.ts";
import { openBucket } from "./access.ts";
import { toStorageLayout } from "./bucket.ts";

const BUCKET = "/storage/v1/b/:bucket";

/** What `gcloud storage rm --recursive` asks beside the objects. No bucket has folders of its own here. */
export function addFolderRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.get(`${BUCKET}/storageLayout`, (c) => {
    requireKnownParameters(c, ["prefix"]);
    const { bucket } = c.req.param();
    const permission = "storage.objects.list";
    const found = openBucket(cloud, bucket, c.var.caller, permission);
    return c.json(toStorageLayout(found));
  });
  routes.get(`${BUCKET}/managedFolders`, (c) => {
    requireKnownParameters(c, ["pageSize", "prefix"]);
    const { bucket } = c.req.param();
    openBucket(cloud, bucket, c.var.caller, "storage.managedFolders.list");
    return c.json({ kind: "storage#managedFolders" });
  });
}
