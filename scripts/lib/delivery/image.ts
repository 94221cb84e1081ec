import { UserError } from "../errors.ts";
import type { ReadApi } from "../google/rest.ts";
import type { Settings } from "../settings/settings.ts";
import type { DeliveryPlace } from "./place.ts";

/** An image in Artifact Registry. */
export interface RegistryImage {
  /** With tag or digest, as it is asked for. */
  name: string;
  /** By digest, as it is deployed; undefined where the registry does not hold it. */
  pinned: string | undefined;
}

/** `REGION-docker.pkg.dev/PROJECT/REPOSITORY/PATH`, with a tag, a digest, or both. */
const IN_REGISTRY =
  /^([a-z0-9-]+)-docker\.pkg\.dev\/((?:[a-z0-9-]+\.[a-z0-9.-]+\/)?[a-z0-9-]+)\/([a-z0-9-]+)\/([^:@]+)(?::([^@]+))?(?:@(sha256:[a-f0-9]{64}))?$/;

/**
 * The image that a release of these settings runs: IMAGE itself where that is in
 * Artifact Registry, else its mirror in the pipeline's repository. Not there yet:
 * `planImage` (scripts/lib/plan/plan-image.ts) has the step that brings it.
 */
export function readImage(
  read: ReadApi,
  settings: Settings,
  place: DeliveryPlace,
): Promise<RegistryImage> {
  return readRegistry(read, nameImage(settings, place));
}

/**
 * The tools image by digest: `named` (TOOLS_IMAGE), else the latest one. Throws
 * UserError with the command that builds one where there is none.
 */
export async function readToolsImage(
  read: ReadApi,
  place: DeliveryPlace,
  named: string | undefined,
): Promise<string> {
  const name = named ?? `${place.images}/tools:latest`;
  const { pinned } = await readRegistry(read, name);
  if (pinned !== undefined) return pinned;
  throw new UserError(`there is no tools image ${name}`, {
    hint: `Build one: gcloud builds submit --config=cloudbuild.yaml --project=${place.projectId} --region=${place.region}`,
  });
}

/** The image's name in Artifact Registry: a mirror keeps name and tag, and tells the digest that was asked for. */
function nameImage({ image }: Settings, place: DeliveryPlace): string {
  if (IN_REGISTRY.test(image)) return image;
  const [named = "", digest] = image.split("@sha256:");
  const [path = "", tag] = named.split(/:(?=[^/]*$)/);
  const mirrored = [tag, digest?.slice(0, 12)];
  return `${place.images}/${path.split("/").at(-1) ?? ""}:${mirrored.filter((p) => p !== undefined).join("-")}`;
}

async function readRegistry(
  read: ReadApi,
  name: string,
): Promise<RegistryImage> {
  const [, region, project, repository, path, tag, digest] =
    IN_REGISTRY.exec(name) ?? [];
  if (project === undefined || path === undefined) {
    throw new UserError(`${name} is not in Artifact Registry`);
  }
  const image = name.replace(/(:[^:/@]+)?(@.*)?$/, "");
  if (digest !== undefined) return { name, pinned: `${image}@${digest}` };
  const found = (await read({
    api: "artifactregistry",
    path: `v1/projects/${project.replace("/", ":")}/locations/${region ?? ""}/repositories/${repository ?? ""}/packages/${encodeURIComponent(path)}/tags/${tag ?? "latest"}`,
  })) as { version: string } | undefined;
  const version = found?.version.split("/").at(-1);
  return {
    name,
    pinned: version === undefined ? undefined : `${image}@${version}`,
  };
}
