import type { Cloud, Member, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { requirePermission } from "../../core/require-permission.ts";
import { type Repository, registryOf } from "./state.ts";

/** Google's limit on an image's size does not matter here: every image is told to be this big. */
const IMAGE_BYTES = 350_000_000;

/** As Artifact Registry shows it. */
export function toRepository(repository: Repository): object {
  const { name, description, labels, createTime, updateTime } = repository;
  return {
    name,
    format: "DOCKER",
    ...(description !== "" && { description }),
    ...(Object.keys(labels).length > 0 && { labels }),
    createTime,
    updateTime,
    mode: "STANDARD_REPOSITORY",
    ...(repository.immutableTags && { dockerConfig: { immutableTags: true } }),
    sizeBytes: String(repository.images.length * IMAGE_BYTES),
    registryUri: registryUri(name),
  };
}

/** `us-central1-docker.pkg.dev/P/R` */
export function registryUri(name: string): string {
  const [, project = "", , location = "", , id = ""] = name.split("/");
  return `${location}-docker.pkg.dev/${project.replace(":", "/")}/${id}`;
}

export function projectOf(cloud: Cloud, { name }: Repository): Project {
  return cloud.project(name.split("/")[1] ?? "");
}

/** The repository, for a caller who has the permission on it. Throws PERMISSION_DENIED, NOT_FOUND. */
export function openRepository(
  cloud: Cloud,
  name: string,
  member: Member,
  permission: string,
): Repository {
  const repository = registryOf(cloud).repositories.get(name);
  const project = requireProject(cloud, name, permission);
  requirePermission(
    [...(repository ? [repository.policy] : []), project.policy],
    member,
    permission,
    denied(permission, name),
  );
  if (repository !== undefined) return repository;
  throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
}

/** The project that a resource lies in. Throws PERMISSION_DENIED. */
export function requireProject(
  cloud: Cloud,
  name: string,
  permission: string,
): Project {
  const project = cloud.findProject(name.split("/")[1] ?? "");
  if (project !== undefined) return project;
  throw new GoogleError("PERMISSION_DENIED", denied(permission, name));
}

export function denied(permission: string, name: string): string {
  return `Permission '${permission}' denied on resource '//artifactregistry.googleapis.com/${name}' (or it may not exist).`;
}
