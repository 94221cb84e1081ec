import { pullImage } from "../../artifact-registry/push-image.ts";
import {
  parseRegistryReference,
  registryOf,
} from "../../artifact-registry/state.ts";
import type { Cloud } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";
import { resolveImage } from "../../../machine/runtime/images.ts";
import { InstanceError } from "../../../machine/runtime/instance.ts";
import type { LocalImage } from "../local-images.ts";
import { ToolError, type ToolContext } from "./tool.ts";

/** An image of a registry: of Artifact Registry, or one of LiteLLM's own on Docker Hub. Throws ToolError. */
export function findRemote(
  { cloud, member }: Pick<ToolContext, "cloud" | "member">,
  reference: string,
): LocalImage {
  try {
    if (parseRegistryReference(reference) !== undefined) {
      return pullImage(cloud, member, reference);
    }
    // The same images lie in both registries.
    const onDockerHub = reference.replace(
      /^ghcr\.io\/berriai\/litellm/,
      "docker.io/litellm/litellm",
    );
    const { kind, digest } = resolveImage(onDockerHub);
    const version = versionOf(cloud, reference, digest);
    if (kind === "litellm" && version !== undefined) {
      return { digest, content: { kind, version, warm: false } };
    }
  } catch (error) {
    if (error instanceof GoogleError) throw registryError(reference, error);
    if (!(error instanceof InstanceError)) throw error;
  }
  throw new ToolError(
    `Error: fetching manifest ${reference}: MANIFEST_UNKNOWN: manifest unknown (the emulated Google Cloud knows LiteLLM's images on Docker Hub by tag, and by the digests of tags that were asked for)`,
  );
}

/** The tag that LiteLLM published the image under. */
function versionOf(
  cloud: Cloud,
  reference: string,
  digest: string,
): string | undefined {
  const tag = /:([^:/@]+)(?:@|$)/.exec(reference)?.[1];
  const { litellmTags } = registryOf(cloud);
  if (tag !== undefined) litellmTags.set(digest, tag);
  return litellmTags.get(digest);
}

/** As a registry's client says it. */
export function registryError(
  reference: string,
  error: GoogleError,
): ToolError {
  const { repository } = parseRegistryReference(reference) ?? {};
  const code =
    error.status === "PERMISSION_DENIED"
      ? `denied: ${error.message}`
      : error.status === "NOT_FOUND" && !error.message.startsWith("manifest")
        ? `name unknown: Repository "${repository?.split("/").at(-1) ?? ""}" not found`
        : error.message;
  return new ToolError(`Error: ${reference}: ${code}`);
}
