import type { Cloud, Member, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { requirePermission } from "../../core/require-permission.ts";
import { type Bucket, type StoredObject, storageOf } from "./state.ts";

/** The bucket, for a caller who has the permission on it. Throws NOT_FOUND, PERMISSION_DENIED. */
export function openBucket(
  cloud: Cloud,
  name: string,
  member: Member,
  permission: string,
): Bucket {
  const bucket = storageOf(cloud).buckets.get(name);
  if (bucket === undefined) {
    throw new GoogleError("NOT_FOUND", "The specified bucket does not exist.");
  }
  const project = projectOf(cloud, bucket);
  requirePermission(
    [bucket.policy, project.policy],
    member,
    permission,
    denied(member, permission),
  );
  return bucket;
}

/** Throws NOT_FOUND, PERMISSION_DENIED. */
export function openObject(
  cloud: Cloud,
  bucketName: string,
  name: string,
  member: Member,
  permission = "storage.objects.get",
): StoredObject {
  const bucket = openBucket(cloud, bucketName, member, permission);
  const found = bucket.objects.get(name);
  if (found !== undefined) return found;
  throw new GoogleError("NOT_FOUND", `No such object: ${bucketName}/${name}`);
}

export function projectOf(cloud: Cloud, bucket: Bucket): Project {
  return cloud.project(bucket.projectNumber);
}

/** As Cloud Storage says it: the resource is told by the kind of permission. */
export function denied(member: Member, permission: string): string {
  const email = member.slice(member.indexOf(":") + 1);
  const resource = permission.startsWith("storage.objects.")
    ? "object"
    : permission === "storage.buckets.create" ||
        permission === "storage.buckets.list"
      ? "project"
      : "bucket";
  const where =
    resource === "project"
      ? "the Google Cloud project"
      : `the Google Cloud Storage ${resource}`;
  return `${email} does not have ${permission} access to ${where}. Permission '${permission}' denied on resource (or it may not exist).`;
}
