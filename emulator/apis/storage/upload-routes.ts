import type { Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { requireKnownParameters } from "../../core/query.ts";
import { openBucket } from "./access.ts";
import { readConditions } from "./conditions.ts";
import { putObject, toObject } from "./object.ts";
import type { SentObject } from "./requests.ts";
import {
  type UploadSession,
  addPiece,
  newSession,
  readMultipart,
  readObject,
} from "./upload.ts";

/** gcloud sends large files to the second one. */
const PATHS = [
  "/upload/storage/v1/b/:bucket/o",
  "/resumable/upload/storage/v1/b/:bucket/o",
] as const;

const PARAMETERS = [
  "ifGenerationMatch",
  "ifMetagenerationMatch",
  "name",
  "projection",
  "userProject",
];

export function addUploadRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const sessions = new Map<string, UploadSession>();
  for (const path of PATHS) {
    routes.post(path, async (c) => {
      requireKnownParameters(c, PARAMETERS);
      const bucketName = c.req.param("bucket");
      const permission = "storage.objects.create";
      const bucket = openBucket(cloud, bucketName, c.var.caller, permission);
      const conditions = readConditions(c);
      switch (c.req.query("uploadType")) {
        case "resumable": {
          const sent = named(c, readObject(await c.req.text()));
          const contentType = c.req.header("x-upload-content-type");
          const session = newSession(
            bucketName,
            { ...(contentType !== undefined && { contentType }), ...sent },
            conditions,
          );
          sessions.set(session.id, session);
          return c.body(null, 200, { Location: sessionUrl(c, session) });
        }
        case "multipart": {
          const { sent, content } = await readMultipart(c);
          const stored = putObject(bucket, named(c, sent), content, conditions);
          return c.json(toObject(bucket, stored));
        }
        default: {
          const content = Buffer.from(await c.req.arrayBuffer());
          const contentType = c.req.header("content-type");
          const sent = named(c, {
            ...(contentType !== undefined && { contentType }),
          });
          const stored = putObject(bucket, sent, content, conditions);
          return c.json(toObject(bucket, stored));
        }
      }
    });
    routes.put(path, async (c) => {
      const session = sessions.get(c.req.query("upload_id") ?? "");
      if (session === undefined) {
        throw new GoogleError("NOT_FOUND", "No such upload session.");
      }
      const added = await addPiece(c, session);
      const { conditions } = session;
      if (typeof added === "number") return unfinished(c, added);
      sessions.delete(session.id);
      const permission = "storage.objects.create";
      const { caller } = c.var;
      const bucket = openBucket(cloud, session.bucket, caller, permission);
      const stored = putObject(bucket, session.sent, added, conditions);
      return c.json(toObject(bucket, stored));
    });
  }
}

/** The name may be in the query in place of the JSON. */
function named(c: Context, sent: SentObject): SentObject {
  const name = sent.name ?? c.req.query("name");
  return { ...sent, ...(name !== undefined && { name }) };
}

function sessionUrl(c: Context, { id }: UploadSession): string {
  const url = new URL(c.req.url);
  url.searchParams.set("upload_id", id);
  return url.href;
}

/** "Resume Incomplete": how far it has come. */
function unfinished(c: Context, size: number): Response {
  const range = size > 0 ? { Range: `bytes=0-${size - 1}` } : {};
  return new Response(null, { status: 308, headers: range });
}
