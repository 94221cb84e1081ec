import { createHash, randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import type { GivenByGoogle, ResourceKind } from "./resource-kind.ts";
import { refusal } from "./rules/refusal.ts";
import type { Resource } from "./state.ts";

/** The resource that was not there yet, without keeping it. Throws INVALID_ARGUMENT. */
export function makeResource<Sent, Kept extends Resource>(
  cloud: Cloud,
  kind: ResourceKind<Sent, Kept>,
  name: string,
  sent: Sent,
): Kept {
  const now = new Date().toISOString();
  const content = kind.read(cloud, name, sent);
  return {
    name,
    uid: randomUUID().replaceAll("-", ""),
    ...content,
    createTime: now,
    updateTime: now,
    etag: etagOf(content),
  } as unknown as Kept;
}

/** The resource after the fields of the update mask were changed, without keeping it. Throws INVALID_ARGUMENT, and ABORTED on a stale etag. */
export function changeResource<
  Sent extends { etag?: string },
  Kept extends Resource,
>(
  cloud: Cloud,
  kind: ResourceKind<Sent, Kept>,
  current: Kept,
  sent: Sent,
  updateMask: string,
): Kept {
  requireEtag(current, sent.etag);
  const { name, uid, createTime } = current;
  const fields = updateMask.split(",").map((field) => field.trim());
  const merged = fields.includes("*")
    ? sent
    : mergeFields(current, sent, fields);
  const content = kind.read(cloud, name, merged);
  return {
    name,
    uid,
    ...content,
    createTime,
    updateTime: new Date().toISOString(),
    etag: etagOf(content),
  } as unknown as Kept;
}

/** Throws ABORTED where the client has not seen the resource as it is. */
export function requireEtag(current: Resource, etag = ""): void {
  if (etag === "" || etag === current.etag) return;
  throw new GoogleError(
    "ABORTED",
    `etag "${etag}" does not match the current etag "${current.etag}" of resource '${current.name}'`,
  );
}

/** Of the content alone: writing the same again changes no etag. */
function etagOf(content: object): string {
  const hash = createHash("sha256").update(JSON.stringify(content));
  return hash.digest("hex").slice(0, 16);
}

function mergeFields<Sent>(
  current: Omit<Resource, GivenByGoogle>,
  sent: Sent,
  fields: readonly string[],
): Sent {
  const merged: Record<string, unknown> = { ...current };
  for (const field of fields) {
    const [name = ""] = field
      .replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
      .split(".");
    if (name === "") throw refusal("update_mask is required");
    merged[name] = (sent as Record<string, unknown>)[name];
    if (merged[name] === undefined) Reflect.deleteProperty(merged, name);
  }
  return merged as Sent;
}
