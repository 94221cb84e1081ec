import { createHash } from "node:crypto";
import type { ImageContent } from "../artifact-registry/state.ts";

/** An image in the docker daemon of a build. */
export interface LocalImage {
  digest: string;
  content: ImageContent;
}

/** By name with tag. Every build begins with none. */
export type LocalImages = Map<string, LocalImage>;

/** `NAME:latest` of a name without tag or digest. */
export function withTag(name: string): string {
  return /(:[^:/@]+|@.+)$/.test(name) ? name : `${name}:latest`;
}

/** There is no manifest to hash: the same parts always give the same digest. */
export function digestOf(...parts: string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts));
  return `sha256:${hash.digest("hex")}`;
}
