import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../../core/api.ts";
import type { Cloud, SecretVersion } from "../../core/cloud.ts";
import { parseFilter } from "../../core/filter.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { accessVersion } from "./access-secret.ts";
import { crc32c } from "./crc32c.ts";
import {
  type LongestDelay,
  cancelDestruction,
  destroyVersion,
} from "./delayed-destruction.ts";
import { type FoundSecret, findSecret, nameOf } from "./find-secret.ts";
import { ADD_VERSION, CHANGE_VERSION } from "./requests.ts";
import { newSecretEtag, requireEtag } from "./etag.ts";
import { addVersion, findVersion, toVersion, wrongState } from "./version.ts";

const SECRETS = "/v1/projects/:project/secrets";

const VERSIONS = `${SECRETS}/:secret/versions` as const;

/** Google's cap on `pageSize`. */
const MAXIMUM = 25_000;

/** "The server decides" (discovery document): few, so that a client that reads one page only is found out. */
const UNASKED = 25;

export function addVersionRoutes(
  routes: Hono<ApiEnv>,
  cloud: Cloud,
  longestDelay: LongestDelay,
): void {
  routes.post(`${SECRETS}/${withVerb("secret", "addVersion")}`, async (c) => {
    const { project: id, secret: element } = c.req.param();
    const { project, secret } = findSecret(cloud, id, withoutVerb(element));
    const { payload = {} } = await readBody(c, ADD_VERSION);
    const { data = Buffer.alloc(0), dataCrc32c } = payload;
    const version = addVersion(secret, data, dataCrc32c);
    return c.json(toVersion(project, secret, version));
  });
  routes.get(VERSIONS, (c) => {
    const { project: id, secret: secretId } = c.req.param();
    return c.json(listVersions(c, findSecret(cloud, id, secretId)));
  });
  routes.get(`${VERSIONS}/${withVerb("version", "access")}`, (c) => {
    const { project, secret, version: element } = c.req.param();
    const version = withoutVerb(element);
    const { caller } = c.var;
    const { name, payload } = accessVersion(
      cloud,
      project,
      secret,
      version,
      caller,
    );
    return c.json({
      name,
      payload: {
        data: payload.toString("base64"),
        dataCrc32c: String(crc32c(payload)),
      },
    });
  });
  routes.get(`${VERSIONS}/:version{[^/:]+}`, (c) => {
    const { project: id, secret: secretId, version: name } = c.req.param();
    const { project, secret } = findSecret(cloud, id, secretId);
    const version = findVersion(project, secret, name);
    return c.json(toVersion(project, secret, version));
  });
  addStateRoutes(routes, cloud, longestDelay);
}

function addStateRoutes(
  routes: Hono<ApiEnv>,
  cloud: Cloud,
  longestDelay: LongestDelay,
): void {
  for (const verb of ["enable", "disable", "destroy"] as const) {
    routes.post(`${VERSIONS}/${withVerb("version", verb)}`, async (c) => {
      const { project: id, secret: secretId, version: element } = c.req.param();
      const found = findSecret(cloud, id, secretId);
      const version = findNumbered(found, withoutVerb(element));
      const { etag } = await readBody(c, CHANGE_VERSION);
      requireEtag(etag, version.etag);
      requireUndestroyed(found, version);
      if (verb === "destroy") {
        destroyVersion(found.secret, version, longestDelay);
      } else {
        cancelDestruction(version);
        version.state = verb === "enable" ? "ENABLED" : "DISABLED";
        version.etag = newSecretEtag();
      }
      return c.json(toVersion(found.project, found.secret, version));
    });
  }
}

function requireUndestroyed(
  { project, secret }: FoundSecret,
  version: SecretVersion,
): void {
  if (version.state === "DESTROYED") throw wrongState(project, secret, version);
}

/** Only reading takes an alias or `latest`. */
function findNumbered(
  { project, secret }: FoundSecret,
  name: string,
): SecretVersion {
  if (/^\d+$/.test(name)) return findVersion(project, secret, name);
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `Resource ID [${nameOf(project, secret.id)}/versions/${name}] is not in a valid format.`,
  );
}

function listVersions(c: Context, { project, secret }: FoundSecret): object {
  requireKnownParameters(c, ["filter", "pageSize", "pageToken"]);
  const filter = c.req.query("filter");
  const all = [...secret.versions].reverse();
  const found = all
    .map((version) => toVersion(project, secret, version))
    .filter(parseFilter(filter));
  const { items, nextPageToken } = readPage(c, found, MAXIMUM, UNASKED);
  return {
    ...(items.length > 0 && { versions: items }),
    ...(nextPageToken !== undefined && { nextPageToken }),
    ...(filter === undefined && { totalSize: all.length }),
  };
}
