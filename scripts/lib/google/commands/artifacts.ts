import type { Command } from "../gcloud.ts";
import { type InRegion, formatPairs, inProject } from "../places.ts";

/** A repository of Artifact Registry. */
export interface RepositoryId extends InRegion {
  repository: string;
}

export function createRepository(
  place: RepositoryId,
  labels: Readonly<Record<string, string>>,
): Command {
  return {
    args: [
      "artifacts",
      "repositories",
      "create",
      place.repository,
      "--repository-format=docker",
      "--description=The images of LiteLLM on Cloud Run",
      `--labels=${formatPairs(labels)}`,
      ...inLocation(place),
    ],
  };
}

/** With every image in it. */
export function deleteRepository(place: RepositoryId): Command {
  return {
    args: [
      "artifacts",
      "repositories",
      "delete",
      place.repository,
      ...inLocation(place),
      "--quiet",
    ],
  };
}

/** Prints the digest that a tag stands for. `name`: of the image in the repository. */
export function readDigest(
  place: RepositoryId,
  name: string,
  tag: string,
): Command {
  return {
    args: [
      "artifacts",
      "tags",
      "list",
      `--package=${name}`,
      `--repository=${place.repository}`,
      ...inLocation(place),
      `--filter=name:tags/${tag}`,
      "--format=value(version.basename())",
    ],
  };
}

function inLocation(place: InRegion): string[] {
  return [`--location=${place.region}`, inProject(place)];
}
