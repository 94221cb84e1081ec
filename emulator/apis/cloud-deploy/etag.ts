import { createHash } from "node:crypto";

/** The resource with a checksum of what it holds. */
export function withEtag<T extends object>(resource: T): T & { etag: string } {
  const hash = createHash("sha256").update(JSON.stringify(resource));
  return { ...resource, etag: hash.digest("hex").slice(0, 16) };
}
