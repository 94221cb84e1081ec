import type { Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { parseFilter } from "../../core/filter.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { toDockerImage, toPackage, toTag, toVersion } from "./image.ts";
import { openRepository } from "./repository.ts";
import { REPOSITORY_PATH, nameOf } from "./repository-routes.ts";
import type { Repository, StoredImage } from "./state.ts";

const PACKAGES = `${REPOSITORY_PATH}/packages` as const;

const LIST_PARAMETERS = ["filter", "orderBy", "pageSize", "pageToken", "view"];

/** What is in a repository: reading only, images come from builds. */
export function addImageRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const open = (c: Context<ApiEnv>, permission: string) =>
    openRepository(cloud, nameOf(c), c.var.caller, permission);
  routes.get(`${REPOSITORY_PATH}/dockerImages`, (c) => {
    const repository = open(c, "artifactregistry.dockerimages.list");
    const all = repository.images.map((i) => toDockerImage(repository, i));
    return answerPage(c, "dockerImages", all);
  });
  routes.get(`${REPOSITORY_PATH}/dockerImages/:image`, (c) => {
    const repository = open(c, "artifactregistry.dockerimages.get");
    const [name = "", digest = ""] = c.req.param("image").split("@");
    const image = repository.images.find(
      (one) => one.package === name && one.digest === digest,
    );
    return c.json(toDockerImage(repository, required(image)));
  });
  routes.get(PACKAGES, (c) => {
    const repository = open(c, "artifactregistry.packages.list");
    const names = [...new Set(repository.images.map((i) => i.package))].sort();
    const all = names.map((name) =>
      toPackage(repository, name, imagesOf(repository, name)),
    );
    return answerPage(c, "packages", all);
  });
  routes.get(`${PACKAGES}/:package`, (c) => {
    const repository = open(c, "artifactregistry.packages.get");
    const name = c.req.param("package");
    const images = requirePackage(repository, name);
    return c.json(toPackage(repository, name, images));
  });
  addTagRoutes(routes, open);
}

function addTagRoutes(
  routes: Hono<ApiEnv>,
  open: (c: Context<ApiEnv>, permission: string) => Repository,
): void {
  routes.get(`${PACKAGES}/:package/versions`, (c) => {
    const repository = open(c, "artifactregistry.versions.list");
    const full = c.req.query("view") === "FULL";
    const all = requirePackage(repository, c.req.param("package")).map((i) =>
      toVersion(repository, i, full),
    );
    return answerPage(c, "versions", all);
  });
  routes.get(`${PACKAGES}/:package/versions/:version`, (c) => {
    requireKnownParameters(c, ["view"]);
    const repository = open(c, "artifactregistry.versions.get");
    const { package: name, version } = c.req.param();
    const image = imagesOf(repository, name).find((i) => i.digest === version);
    const full = c.req.query("view") === "FULL";
    return c.json(toVersion(repository, required(image), full));
  });
  routes.get(`${PACKAGES}/:package/tags`, (c) => {
    const repository = open(c, "artifactregistry.tags.list");
    const all = requirePackage(repository, c.req.param("package")).flatMap(
      (image) => [...image.tags].map((tag) => toTag(repository, image, tag)),
    );
    return answerPage(c, "tags", all);
  });
  routes.get(`${PACKAGES}/:package/tags/:tag`, (c) => {
    const repository = open(c, "artifactregistry.tags.get");
    const { package: name, tag } = c.req.param();
    const image = imagesOf(repository, name).find((i) => i.tags.has(tag));
    return c.json(toTag(repository, required(image), tag));
  });
}

function answerPage(c: Context, field: string, all: object[]): Response {
  requireKnownParameters(c, LIST_PARAMETERS);
  const found = all.filter(parseFilter(c.req.query("filter")));
  const { items, nextPageToken } = readPage(c, found, 1000, 50);
  return c.json({
    ...(items.length > 0 && { [field]: items }),
    ...(nextPageToken !== undefined && { nextPageToken }),
  });
}

function imagesOf(repository: Repository, name: string): StoredImage[] {
  return repository.images.filter((image) => image.package === name);
}

function requirePackage(repository: Repository, name: string): StoredImage[] {
  const images = imagesOf(repository, name);
  if (images.length > 0) return images;
  throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
}

function required(image: StoredImage | undefined): StoredImage {
  if (image !== undefined) return image;
  throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
}
