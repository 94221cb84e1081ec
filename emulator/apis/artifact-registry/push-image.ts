import type { Cloud, Member } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { openRepository } from "./repository.ts";
import {
  type ImageContent,
  type StoredImage,
  parseRegistryReference,
} from "./state.ts";

/** Puts an image under a tag, as `docker push` does. Throws PERMISSION_DENIED, NOT_FOUND, FAILED_PRECONDITION for an immutable tag. */
export function pushImage(
  cloud: Cloud,
  member: Member,
  reference: string,
  { digest, content }: { digest: string; content: ImageContent },
): StoredImage {
  const parsed = parseRegistryReference(reference);
  if (parsed === undefined) {
    throw new GoogleError("INVALID_ARGUMENT", `invalid reference ${reference}`);
  }
  const repository = openRepository(
    cloud,
    parsed.repository,
    member,
    "artifactregistry.repositories.uploadArtifacts",
  );
  const { tag = "latest" } = parsed;
  const ofPackage = repository.images.filter(
    (one) => one.package === parsed.package,
  );
  const before = ofPackage.find((one) => one.tags.has(tag));
  if (repository.immutableTags && before && before.digest !== digest) {
    throw new GoogleError(
      "FAILED_PRECONDITION",
      `manifest invalid: cannot update tag ${tag}. The repository has enabled tag immutability`,
    );
  }
  before?.tags.delete(tag);
  const now = new Date().toISOString();
  const image = ofPackage.find((one) => one.digest === digest) ?? {
    package: parsed.package,
    digest,
    tags: new Set<string>(),
    uploadTime: now,
    updateTime: now,
    content,
  };
  if (!repository.images.includes(image)) repository.images.push(image);
  image.tags.add(tag);
  image.updateTime = now;
  return image;
}

/** The image that a reference names, for a member who may pull it. Throws PERMISSION_DENIED, NOT_FOUND. */
export function pullImage(
  cloud: Cloud,
  member: Member,
  reference: string,
): StoredImage {
  const parsed = parseRegistryReference(reference);
  const repository = openRepository(
    cloud,
    parsed?.repository ?? "",
    member,
    "artifactregistry.repositories.downloadArtifacts",
  );
  const image = repository.images.find(
    (one) =>
      one.package === parsed?.package &&
      (parsed.digest === undefined
        ? one.tags.has(parsed.tag ?? "latest")
        : one.digest === parsed.digest),
  );
  if (image !== undefined) return image;
  throw new GoogleError("NOT_FOUND", `manifest unknown: ${reference}`);
}
