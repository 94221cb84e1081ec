import type { Cloud } from "../../core/cloud.ts";
import type { Policy } from "../../core/policy.ts";
import type { Slot } from "../../core/states.ts";

/** What Artifact Registry holds. */
export interface RegistryState {
  /** By full name, `projects/P/locations/L/repositories/R`. */
  repositories: Map<string, Repository>;
  /** Digest → tag, of those of LiteLLM's own images that somebody asked for by tag. */
  litellmTags: Map<string, string>;
}

const REGISTRY: Slot<RegistryState> = {
  make: () => ({ repositories: new Map(), litellmTags: new Map() }),
  policies: ({ repositories }) =>
    [...repositories.values()].map((r) => r.policy),
};

export function registryOf(cloud: Cloud): RegistryState {
  return cloud.states.of(REGISTRY);
}

export interface Repository {
  name: string;
  description: string;
  labels: Record<string, string>;
  createTime: string;
  updateTime: string;
  immutableTags: boolean;
  policy: Policy;
  /** Oldest first. */
  images: StoredImage[];
}

export interface StoredImage {
  /** The path below the repository, e.g. `litellm`. */
  package: string;
  /** `sha256:…` */
  digest: string;
  tags: Set<string>;
  uploadTime: string;
  updateTime: string;
  content: ImageContent;
}

/** What stands behind an image here. */
export type ImageContent =
  | {
      kind: "litellm";
      /** The tag that LiteLLM published it under, e.g. `v1.108.14`. */
      version: string;
      /** Whether it has the layer with compiled bytecode. */
      warm: boolean;
    }
  | {
      kind: "tools";
      /** The source that it was built from, on this machine. */
      directory: string;
    };

/** An image of Artifact Registry and where it lies. */
export interface FoundImage {
  repository: Repository;
  image: StoredImage;
}

/** A reference to Artifact Registry in its parts; undefined for another registry. */
export interface RegistryReference {
  /** `projects/P/locations/L/repositories/R` */
  repository: string;
  package: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** Of `us-central1-docker.pkg.dev/P/R/litellm:v1` or `…@sha256:…`. */
export function parseRegistryReference(
  reference: string,
): RegistryReference | undefined {
  const [, location, project, repository, path, tag, digest] =
    /^([a-z0-9-]+)-docker\.pkg\.dev\/((?:[a-z0-9.-]+:)?[a-z0-9-]+)\/([a-z0-9-]+)\/([a-z0-9/._-]+?)(?::([\w][\w.-]*))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      reference,
    ) ?? [];
  if (
    location === undefined ||
    project === undefined ||
    repository === undefined ||
    path === undefined
  ) {
    return undefined;
  }
  return {
    repository: `projects/${project}/locations/${location}/repositories/${repository}`,
    package: path,
    tag: tag ?? (digest === undefined ? "latest" : undefined),
    digest,
  };
}

/** The image that a reference names, by digest or else by tag. */
export function findImage(
  cloud: Cloud,
  reference: string,
): FoundImage | undefined {
  const parsed = parseRegistryReference(reference);
  const repository = registryOf(cloud).repositories.get(
    parsed?.repository ?? "",
  );
  if (parsed === undefined || repository === undefined) return undefined;
  const { digest, tag = "" } = parsed;
  const image = repository.images.find(
    (one) =>
      one.package === parsed.package &&
      (digest === undefined ? one.tags.has(tag) : one.digest === digest),
  );
  return image === undefined ? undefined : { repository, image };
}
