import type { Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Project, StoredSecret } from "../../core/cloud.ts";
import { parseFilter } from "../../core/filter.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { newPolicy } from "../../core/policy.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { requireDestroyTtl } from "./delayed-destruction.ts";
import { findSecret, nameOf, requireProject } from "./find-secret.ts";
import { patchSecret } from "./patch-secret.ts";
import { SECRET } from "./requests.ts";
import {
  readReplication,
  requireAliases,
  requireAnnotations,
  requireLabels,
  requireSecretId,
} from "./rules.ts";
import { newSecretEtag, requireEtag } from "./etag.ts";
import { toSecret } from "./secret.ts";

const COLLECTION = "/v1/projects/:project/secrets";

const SECRET_PATH = `${COLLECTION}/:secret{[^/:]+}` as const;

/** Google's cap on `pageSize`. */
const MAXIMUM = 25_000;

/** "The server decides" (discovery document): few, so that a client that reads one page only is found out. */
const UNASKED = 25;

export function addSecretRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.get(COLLECTION, (c) => {
    const id = c.req.param("project");
    return c.json(
      listSecrets(c, requireProject(cloud, id, "secretmanager.secrets.list")),
    );
  });
  routes.post(COLLECTION, async (c) => {
    const id = c.req.param("project");
    const project = requireProject(cloud, id, "secretmanager.secrets.create");
    return c.json(toSecret(project, await createSecret(c, project)));
  });
  routes.get(SECRET_PATH, (c) => {
    const { project: id, secret: secretId } = c.req.param();
    const { project, secret } = findSecret(cloud, id, secretId);
    return c.json(toSecret(project, secret));
  });
  routes.patch(SECRET_PATH, async (c) => {
    requireKnownParameters(c, ["updateMask"]);
    const { project: id, secret: secretId } = c.req.param();
    const { project, secret } = findSecret(cloud, id, secretId);
    const sent = await readBody(c, SECRET, "secret");
    patchSecret(secret, sent, c.req.query("updateMask") ?? "");
    return c.json(toSecret(project, secret));
  });
  routes.delete(SECRET_PATH, (c) => {
    requireKnownParameters(c, ["etag"]);
    const { project: id, secret: secretId } = c.req.param();
    const { project, secret } = findSecret(cloud, id, secretId);
    requireEtag(c.req.query("etag"), secret.etag);
    project.secrets.delete(secret.id);
    return c.json({});
  });
}

function listSecrets(c: Context, project: Project): object {
  requireKnownParameters(c, ["filter", "pageSize", "pageToken"]);
  const filter = c.req.query("filter");
  const all = [...project.secrets.values()].reverse();
  const found = all
    .map((s) => toSecret(project, s))
    .filter(parseFilter(filter));
  const { items, nextPageToken } = readPage(c, found, MAXIMUM, UNASKED);
  return {
    ...(items.length > 0 && { secrets: items }),
    ...(nextPageToken !== undefined && { nextPageToken }),
    ...(filter === undefined && { totalSize: all.length }),
  };
}

async function createSecret(
  c: Context,
  project: Project,
): Promise<StoredSecret> {
  requireKnownParameters(c, ["secretId"]);
  const id = c.req.query("secretId") ?? "";
  const sent = await readBody(c, SECRET, "secret");
  const { labels = {}, annotations = {}, versionAliases = {} } = sent;
  requireSecretId(id);
  requireLabels(labels);
  requireAnnotations(annotations);
  requireAliases(versionAliases, []);
  requireDestroyTtl(sent.versionDestroyTtl);
  const locations = readReplication(sent.replication);
  if (project.secrets.has(id)) {
    throw new GoogleError(
      "ALREADY_EXISTS",
      `Secret [${nameOf(project, id)}] already exists.`,
    );
  }
  const secret: StoredSecret = {
    id,
    createTime: new Date().toISOString(),
    locations,
    labels,
    annotations,
    versionAliases,
    versionDestroyTtl: sent.versionDestroyTtl,
    etag: newSecretEtag(),
    policy: newPolicy(),
    versions: [],
  };
  project.secrets.set(id, secret);
  return secret;
}
