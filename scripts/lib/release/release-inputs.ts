import { createHash } from "node:crypto";
import type { Resource } from "../pipeline/pipeline-file.ts";
import type { ReleaseSource } from "./stage-source.ts";

/** What a release is made of, but for its image. */
export interface ReleaseContent {
  source: ReleaseSource;
  /** The alias of the config's content. */
  configVersion: string;
  /** What setup.ts made: a release keeps the pipeline and the targets as they are then. */
  resources: readonly Resource[];
}

/** SHA-256 (hex) of what a release is made of. */
export function hashInputs(content: ReleaseContent, image: string): string {
  return hash(`${hashContent(content)} ${image}`);
}

/** Bash for `hashInputs` where the image is in `$image`. */
export function formatHash(content: ReleaseContent): string {
  return `"$(printf '%s' "${hashContent(content)} $image" | sha256sum | cut -d ' ' -f 1)"`;
}

function hashContent({
  source,
  configVersion,
  resources,
}: ReleaseContent): string {
  // Automations are not part of a release: they are what they are now.
  const kept = resources.filter((r) => r.kind !== "Automation");
  return hash(JSON.stringify([source.identity, configVersion, kept]));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
