import type { Context, Hono } from "hono";
import { randomUUID } from "node:crypto";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { newPolicy } from "../../core/policy.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { requirePermission } from "../../core/require-permission.ts";
import {
  denied,
  openRepository,
  requireProject,
  toRepository,
} from "./repository.ts";
import { REPOSITORY } from "./requests.ts";
import { type Repository, registryOf } from "./state.ts";

const LOCATION = "/v1/projects/:project/locations/:location";

const COLLECTION = `${LOCATION}/repositories` as const;

const OLDER_COLLECTION =
  "/v1beta2/projects/:project/locations/:location/repositories";

export const REPOSITORY_PATH = `${COLLECTION}/:repository{[^/:]+}` as const;

const TYPE = "type.googleapis.com/google.devtools.artifactregistry.v1";

export function addRepositoryRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  addListRoutes(routes, cloud);
  routes.post(COLLECTION, async (c) => {
    const repository = await createRepository(c, cloud);
    registryOf(cloud).repositories.set(repository.name, repository);
    const response = toRepository(repository);
    return c.json(finished(cloud, c, { ...response }, "Repository"));
  });
  routes.get(REPOSITORY_PATH, (c) => {
    const permission = "artifactregistry.repositories.get";
    const { caller } = c.var;
    const found = openRepository(cloud, nameOf(c), caller, permission);
    return c.json(toRepository(found));
  });
  routes.delete(REPOSITORY_PATH, (c) => {
    const permission = "artifactregistry.repositories.delete";
    const { caller } = c.var;
    const { name } = openRepository(cloud, nameOf(c), caller, permission);
    registryOf(cloud).repositories.delete(name);
    return c.json(finished(cloud, c, {}, "Empty"));
  });
  routes.get(`${LOCATION}/operations/:operation{[0-9a-f]{32}}`, (c) => {
    const name = `${parentOf(c)}/operations/${c.req.param("operation")}`;
    const found = cloud.operations.get(name);
    if (found !== undefined) return c.json(found);
    throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
  });
}

/** gcloud lists with the older version of the API, location by location. */
function addListRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  for (const path of [COLLECTION, OLDER_COLLECTION] as const) {
    routes.get(path, (c) => {
      requireKnownParameters(c, ["filter", "orderBy", "pageSize", "pageToken"]);
      const parent = parentOf(c);
      const permission = "artifactregistry.repositories.list";
      allow(c, cloud, parent, permission);
      const found = [...registryOf(cloud).repositories.values()]
        .filter(({ name }) => name.startsWith(`${parent}/`))
        .map(toRepository);
      const { items, nextPageToken } = readPage(c, found, 1000, 50);
      return c.json({
        ...(items.length > 0 && { repositories: items }),
        ...(nextPageToken !== undefined && { nextPageToken }),
      });
    });
  }
  routes.get("/v1beta2/projects/:project/locations", (c) => {
    requireKnownParameters(c, ["pageSize", "pageToken"]);
    const parent = `projects/${c.req.param("project")}/locations`;
    const names = [...registryOf(cloud).repositories.keys()]
      .filter((name) => name.startsWith(`${parent}/`))
      .map((name) => name.split("/")[3] ?? "");
    const locations = [...new Set(names)].map((locationId) => ({
      name: `${parent}/${locationId}`,
      locationId,
    }));
    return c.json({ ...(locations.length > 0 && { locations }) });
  });
}

/** `projects/P/locations/L/repositories/R` of a request below a repository. */
export function nameOf(c: Context): string {
  return `${parentOf(c)}/repositories/${c.req.param("repository") ?? ""}`;
}

async function createRepository(
  c: Context<ApiEnv>,
  cloud: Cloud,
): Promise<Repository> {
  requireKnownParameters(c, ["repositoryId"]);
  const parent = parentOf(c);
  const permission = "artifactregistry.repositories.create";
  allow(c, cloud, parent, permission);
  const sent = await readBody(c, REPOSITORY, "repository");
  const { format, description = "", labels = {}, dockerConfig } = sent;
  const id = c.req.query("repositoryId") ?? "";
  if (!/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(id)) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      "Invalid repository id: it must start with a letter, end with a letter or digit, and have only lowercase letters, digits and hyphens in between.",
    );
  }
  if (format !== "DOCKER") {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `The emulated Google Cloud has Docker repositories only, no ${format ?? "FORMAT_UNSPECIFIED"} ones.`,
    );
  }
  const name = `${parent}/repositories/${id}`;
  if (registryOf(cloud).repositories.has(name)) {
    throw new GoogleError("ALREADY_EXISTS", "the repository already exists");
  }
  const now = new Date().toISOString();
  return {
    name,
    description,
    labels,
    createTime: now,
    updateTime: now,
    immutableTags: dockerConfig?.immutableTags ?? false,
    policy: newPolicy(),
    images: [],
  };
}

/** Throws PERMISSION_DENIED. */
function allow(
  c: Context<ApiEnv>,
  cloud: Cloud,
  parent: string,
  permission: string,
): void {
  const { policy } = requireProject(cloud, parent, permission);
  const { caller } = c.var;
  requirePermission([policy], caller, permission, denied(permission, parent));
}

function parentOf(c: Context): string {
  const { project = "", location = "" } = c.req.param();
  return `projects/${project}/locations/${location}`;
}

/** A long-running operation that is done at once. */
function finished(
  cloud: Cloud,
  c: Context,
  response: object,
  type: "Repository" | "Empty",
): object {
  // At the emulator's own address the form tells whose operation it is.
  const id = randomUUID().replaceAll("-", "");
  const name = `${parentOf(c)}/operations/${id}`;
  const operation = {
    name,
    metadata: { "@type": `${TYPE}.OperationMetadata` },
    done: true as const,
    response: {
      "@type":
        type === "Empty"
          ? "type.googleapis.com/google.protobuf.Empty"
          : `${TYPE}.${type}`,
      ...response,
    },
  };
  cloud.operations.set(name, operation);
  return operation;
}
