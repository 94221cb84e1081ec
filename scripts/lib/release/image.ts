import { UserError } from "../cli/errors.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { ReadApi } from "../google/rest.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import { submitBuild } from "../google/commands/builds.ts";

/** An image in Artifact Registry. */
export interface RegistryImage {
  /** With tag or digest, as it is asked for. */
  name: string;
  /** By digest, as it is deployed; undefined where the registry does not hold it. */
  pinned: string | undefined;
}

/** `REGION-docker.pkg.dev/PROJECT/REPOSITORY/PATH`, then a tag, a digest, or both. */
const IN_REGISTRY =
  /^(?<image>(?<location>[a-z0-9-]+)-docker\.pkg\.dev\/(?<project>(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+\/)?[a-z0-9-]+)\/(?<repository>[a-z0-9-]+)\/(?<path>[^:@]+))(?::(?<tag>[^@]+))?(?:@(?<digest>sha256:[a-f0-9]{64}))?$/;

/**
 * The image that a release of these settings runs: IMAGE itself where that is in
 * Artifact Registry, else its mirror in the pipeline's repository. A mirror that
 * is not there yet is brought by `planImage`.
 * Throws UserError where IMAGE is in Artifact Registry and does not exist.
 */
export async function readImage(
  read: ReadApi,
  settings: Settings,
  place: PipelinePlace,
): Promise<RegistryImage> {
  const found = await findImage(read, settings, place);
  if (found.pinned !== undefined || isMirrored(settings)) return found;
  throw new UserError(`there is no image ${found.name}`, {
    hint: "Correct IMAGE, or take docker.io's image: it is mirrored into Artifact Registry.",
  });
}

/** The same, whether it is there or not. */
export async function findImage(
  read: ReadApi,
  settings: Settings,
  place: PipelinePlace,
): Promise<RegistryImage> {
  const { image, warm } = settings;
  const name = isMirrored(settings)
    ? `${nameMirror(settings, place)}${warm ? "-warm" : ""}`
    : image;
  return { name, pinned: await readPinned(read, name) };
}

/** Whether IMAGE lies elsewhere than in Artifact Registry. */
export function isMirrored({ image }: Settings): boolean {
  return !IN_REGISTRY.test(image);
}

/**
 * The tools image by digest: `named` (--tools-image, TOOLS_IMAGE), else the latest one. Throws
 * UserError with the command that builds one where there is none.
 */
export async function readToolsImage(
  read: ReadApi,
  place: PipelinePlace,
  named: string | undefined,
): Promise<string> {
  const name = named ?? nameTools(place);
  const pinned = await readPinned(read, name);
  if (pinned !== undefined) return pinned;
  throw new UserError(
    `there is no image ${name}, which holds the scripts that verify`,
    {
      hint: `Build it from what you want to release: ${formatCommand(submitBuild(place))}`,
    },
  );
}

/** The tools image of the latest build. */
export function nameTools({ images }: PipelinePlace): string {
  return `${images}/tools:latest`;
}

/** Where an image from elsewhere is mirrored: its name and tag stay, and a digest that was asked for shows. */
export function nameMirror(
  { image }: Settings,
  { images }: PipelinePlace,
): string {
  const [, path = "", tag, digest] =
    /([^/:@]+)(?::([^/@]+))?(?:@sha256:(.+))?$/.exec(image) ?? [];
  const version = [tag, digest?.slice(0, 12)].filter((p) => p !== undefined);
  return `${images}/${path}:${version.join("-")}`;
}

/** Undefined where the registry does not hold it. A digest is taken at its word: deploying checks it. */
export async function readPinned(
  read: ReadApi,
  name: string,
): Promise<string | undefined> {
  const parts = IN_REGISTRY.exec(name)?.groups;
  if (parts === undefined) {
    throw new UserError(`${name} is not an image in Artifact Registry`, {
      hint: "Write REGION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG.",
    });
  }
  const { image = "", location = "", repository = "", path = "" } = parts;
  if (parts.digest !== undefined) return `${image}@${parts.digest}`;
  const project = (parts.project ?? "").replace("/", ":");
  const tag = (await read({
    api: "artifactregistry",
    path: `v1/projects/${project}/locations/${location}/repositories/${repository}/packages/${encodeURIComponent(path)}/tags/${parts.tag ?? "latest"}`,
  })) as { version: string } | undefined;
  return tag && `${image}@${tag.version.split("/").at(-1) ?? ""}`;
}
