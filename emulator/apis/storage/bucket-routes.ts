import type { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { requireKnownParameters } from "../../core/query.ts";
import { requirePermission } from "../../core/require-permission.ts";
import { denied, openBucket } from "./access.ts";
import {
  changeBucket,
  createBucket,
  toBucket,
  toStorageLayout,
} from "./bucket.ts";
import { readConditions, requireConditions } from "./conditions.ts";
import { BUCKET } from "./requests.ts";
import { storageOf } from "./state.ts";

const BUCKETS = "/storage/v1/b";

const BUCKET_PATH = `${BUCKETS}/:bucket` as const;

export function addBucketRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.get(BUCKETS, (c) => {
    requireKnownParameters(c, [
      "maxResults",
      "prefix",
      "project",
      "projection",
      "returnPartialSuccess",
      "softDeleted",
      "userProject",
    ]);
    const { caller } = c.var;
    const project = findProject(cloud, c.req.query("project") ?? "");
    const permission = "storage.buckets.list";
    const text = denied(caller, permission);
    requirePermission([project.policy], caller, permission, text);
    const items = [...storageOf(cloud).buckets.values()]
      .filter((b) => b.projectNumber === project.projectNumber)
      .filter((b) => b.name.startsWith(c.req.query("prefix") ?? ""))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map(toBucket);
    return c.json({
      kind: "storage#buckets",
      ...(items.length > 0 && c.req.query("softDeleted") !== "true"
        ? { items }
        : {}),
    });
  });
  routes.post(BUCKETS, async (c) => {
    requireKnownParameters(c, [
      "enableObjectRetention",
      "project",
      "projection",
      "userProject",
    ]);
    if (/true/i.test(c.req.query("enableObjectRetention") ?? "")) {
      throw new GoogleError(
        "INVALID_ARGUMENT",
        "The emulated Google Cloud does not cover the retention of objects.",
      );
    }
    const { caller } = c.var;
    const project = findProject(cloud, c.req.query("project") ?? "");
    const permission = "storage.buckets.create";
    const text = denied(caller, permission);
    requirePermission([project.policy], caller, permission, text);
    if (!project.billingEnabled) {
      throw new GoogleError(
        "PERMISSION_DENIED",
        "The billing account for the owning project is disabled in state absent",
      );
    }
    const sent = await readBody(c, BUCKET);
    return c.json(toBucket(createBucket(cloud, project, sent)));
  });
  addOneBucketRoutes(routes, cloud);
}

function addOneBucketRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const conditions = ["ifMetagenerationMatch", "userProject"];
  routes.get(BUCKET_PATH, (c) => {
    requireKnownParameters(c, [
      ...conditions,
      "generation",
      "projection",
      "softDeleted",
    ]);
    const { bucket } = c.req.param();
    const found = openBucket(
      cloud,
      bucket,
      c.var.caller,
      "storage.buckets.get",
    );
    requireConditions(readConditions(c), found);
    return c.json(toBucket(found));
  });
  routes.get(`${BUCKET_PATH}/storageLayout`, (c) => {
    requireKnownParameters(c, ["prefix"]);
    const { bucket } = c.req.param();
    const permission = "storage.objects.list";
    const found = openBucket(cloud, bucket, c.var.caller, permission);
    return c.json(toStorageLayout(found));
  });
  routes.patch(BUCKET_PATH, async (c) => {
    requireKnownParameters(c, [...conditions, "projection"]);
    const { bucket } = c.req.param();
    const permission = "storage.buckets.update";
    const found = openBucket(cloud, bucket, c.var.caller, permission);
    requireConditions(readConditions(c), found);
    changeBucket(found, await readBody(c, BUCKET));
    return c.json(toBucket(found));
  });
  routes.delete(BUCKET_PATH, (c) => {
    requireKnownParameters(c, conditions);
    const { bucket } = c.req.param();
    const permission = "storage.buckets.delete";
    const found = openBucket(cloud, bucket, c.var.caller, permission);
    requireConditions(readConditions(c), found);
    if (found.objects.size > 0) {
      throw new GoogleError(
        "ABORTED",
        "The bucket you tried to delete is not empty.",
      );
    }
    storageOf(cloud).buckets.delete(found.name);
    return c.body(null, 204);
  });
}

function findProject(cloud: Cloud, id: string): Project {
  const project = cloud.findProject(id);
  if (project !== undefined) return project;
  throw new GoogleError("INVALID_ARGUMENT", `Unknown project id: ${id}`);
}
