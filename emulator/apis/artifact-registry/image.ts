import { registryUri } from "./repository.ts";
import type { Repository, StoredImage } from "./state.ts";

const MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

/** Bytes, as told for every image. */
const SIZE = "350000000";

/** As `dockerImages` shows it. */
export function toDockerImage(
  repository: Repository,
  image: StoredImage,
): object {
  const path = `${image.package}@${image.digest}`;
  const { uploadTime, updateTime } = image;
  return {
    name: `${repository.name}/dockerImages/${encodeURIComponent(image.package)}@${image.digest}`,
    uri: `${registryUri(repository.name)}/${path}`,
    ...(image.tags.size > 0 && { tags: [...image.tags].sort() }),
    imageSizeBytes: SIZE,
    mediaType: MEDIA_TYPE,
    buildTime: uploadTime,
    uploadTime,
    updateTime,
  };
}

export function toPackage(
  repository: Repository,
  name: string,
  images: readonly StoredImage[],
): object {
  const times = images.map((image) => image.updateTime).sort();
  return {
    name: packageName(repository, name),
    createTime: times[0],
    updateTime: times.at(-1),
  };
}

export function toTag(
  repository: Repository,
  image: StoredImage,
  tag: string,
): object {
  return {
    name: `${packageName(repository, image.package)}/tags/${tag}`,
    version: versionName(repository, image),
  };
}

/** `full`: with tags and metadata, as the view FULL has them. */
export function toVersion(
  repository: Repository,
  image: StoredImage,
  full: boolean,
): object {
  const { uploadTime, updateTime, tags } = image;
  const name = versionName(repository, image);
  return {
    name,
    createTime: uploadTime,
    updateTime,
    metadata: {
      buildTime: uploadTime,
      imageSizeBytes: SIZE,
      mediaType: MEDIA_TYPE,
      name: `${repository.name}/dockerImages/${encodeURIComponent(image.package)}@${image.digest}`,
    },
    ...(full && {
      relatedTags: [...tags].sort().map((t) => toTag(repository, image, t)),
    }),
  };
}

function packageName({ name }: Repository, id: string): string {
  return `${name}/packages/${encodeURIComponent(id)}`;
}

function versionName(repository: Repository, image: StoredImage): string {
  return `${packageName(repository, image.package)}/versions/${image.digest}`;
}
