import type { Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { requireKnownParameters } from "../../core/query.ts";
import { openBucket, openObject } from "./access.ts";
import { readConditions, requireConditions } from "./conditions.ts";
import { listObjects } from "./list-objects.ts";
import { putObject, toObject } from "./object.ts";
import { OBJECT } from "./requests.ts";
import type { Bucket, StoredObject } from "./state.ts";

const OBJECTS = "/storage/v1/b/:bucket/o";

const OBJECT_PATH = `${OBJECTS}/:object` as const;

const PARAMETERS = [
  "generation",
  "ifGenerationMatch",
  "ifMetagenerationMatch",
  "projection",
  "softDeleted",
  "userProject",
];

const COPY_PARAMETERS = [
  "ifGenerationMatch",
  "ifMetagenerationMatch",
  "ifSourceGenerationMatch",
  "ifSourceMetagenerationMatch",
  "projection",
  "sourceGeneration",
  "userProject",
];

const REWRITE_PARAMETERS = [
  ...COPY_PARAMETERS,
  "maxBytesRewrittenPerCall",
  "rewriteToken",
];

export function addObjectRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.get(OBJECTS, (c) => {
    const permission = "storage.objects.list";
    const { caller } = c.var;
    const name = c.req.param("bucket");
    return c.json(listObjects(c, openBucket(cloud, name, caller, permission)));
  });
  for (const path of [OBJECT_PATH, `/download${OBJECT_PATH}`] as const) {
    routes.get(path, (c) => {
      requireKnownParameters(c, PARAMETERS);
      const { bucket: bucketName, object } = c.req.param();
      const { caller } = c.var;
      const permission = "storage.objects.get";
      const bucket = openBucket(cloud, bucketName, caller, permission);
      const found = openObject(cloud, bucketName, object, caller);
      requireGeneration(bucketName, found, c.req.query("generation"));
      requireConditions(readConditions(c), found);
      return c.req.query("alt") === "media"
        ? sendContent(c, found)
        : c.json(toObject(bucket, found));
    });
  }
  routes.delete(OBJECT_PATH, (c) => {
    requireKnownParameters(c, PARAMETERS);
    const { bucket: bucketName, object } = c.req.param();
    const { caller } = c.var;
    const permission = "storage.objects.delete";
    const bucket = openBucket(cloud, bucketName, caller, permission);
    const found = openObject(cloud, bucketName, object, caller, permission);
    requireGeneration(bucketName, found, c.req.query("generation"));
    requireConditions(readConditions(c), found);
    bucket.objects.delete(object);
    return c.body(null, 204);
  });
  addCopyRoutes(routes, cloud);
}

/** What takes several requests between two places on Google (`maxBytesRewrittenPerCall`) is one here, which Google's "done" allows. */
function addCopyRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.post(`${OBJECT_PATH}/rewriteTo/b/:toBucket/o/:toObject`, async (c) => {
    requireKnownParameters(c, REWRITE_PARAMETERS);
    const { bucket, copy } = await copyObject(c, cloud, c.req.param());
    const size = String(copy.content.length);
    return c.json({
      kind: "storage#rewriteResponse",
      done: true,
      objectSize: size,
      totalBytesRewritten: size,
      resource: toObject(bucket, copy),
    });
  });
  routes.post(`${OBJECT_PATH}/copyTo/b/:toBucket/o/:toObject`, async (c) => {
    requireKnownParameters(c, COPY_PARAMETERS);
    const { bucket, copy } = await copyObject(c, cloud, c.req.param());
    return c.json(toObject(bucket, copy));
  });
}

async function copyObject(
  c: Context<ApiEnv>,
  cloud: Cloud,
  path: Record<"bucket" | "object" | "toBucket" | "toObject", string>,
): Promise<{ bucket: Bucket; copy: StoredObject }> {
  const changes = await readBody(c, OBJECT);
  const { caller } = c.var;
  const from = openObject(cloud, path.bucket, path.object, caller);
  const permission = "storage.objects.create";
  const bucket = openBucket(cloud, path.toBucket, caller, permission);
  requireGeneration(path.bucket, from, c.req.query("sourceGeneration"));
  requireConditions(readConditions(c, "ifSource"), from);
  const { content, contentType, metadata } = from;
  const sent = { contentType, metadata, ...changes, name: path.toObject };
  return { bucket, copy: putObject(bucket, sent, content, readConditions(c)) };
}

/** Throws NOT_FOUND for another generation than the one that is there: no bucket here keeps older ones. */
function requireGeneration(
  bucket: string,
  { name, generation }: StoredObject,
  asked: string | undefined,
): void {
  if (asked === undefined || asked === generation) return;
  throw new GoogleError(
    "NOT_FOUND",
    `No such object: ${bucket}/${name}#${asked}`,
  );
}

/** All of it, or the bytes that the client asks for. */
function sendContent(c: Context, stored: StoredObject): Response {
  const { content, contentType, generation } = stored;
  const range = /^bytes=(\d+)-(\d*)$/.exec(c.req.header("range") ?? "");
  const headers = {
    "Content-Type": contentType,
    "X-Goog-Generation": generation,
  };
  if (range === null || content.length === 0) {
    return new Response(new Uint8Array(content), { headers });
  }
  const first = Number(range[1]);
  const last =
    range[2] === "" || range[2] === undefined
      ? content.length - 1
      : Math.min(Number(range[2]), content.length - 1);
  if (first >= content.length) return new Response(null, { status: 416 });
  return new Response(new Uint8Array(content.subarray(first, last + 1)), {
    status: 206,
    headers: {
      ...headers,
      "Content-Range": `bytes ${first}-${last}/${content.length}`,
    },
  });
}
