import type { Command } from "../gcloud.ts";
import { type InRegion, formatPairs, inProject } from "../places.ts";

/** A bucket of Cloud Storage. */
export interface BucketId extends InRegion {
  /** Without gs://. */
  bucket: string;
}

export function createBucket(place: BucketId): Command {
  return {
    args: [
      "storage",
      "buckets",
      "create",
      `gs://${place.bucket}`,
      `--location=${place.region}`,
      "--uniform-bucket-level-access",
      "--public-access-prevention",
      inProject(place),
    ],
  };
}

/** A bucket cannot be made with a label. */
export function labelBucket(
  place: BucketId,
  labels: Readonly<Record<string, string>>,
): Command {
  return {
    args: [
      "storage",
      "buckets",
      "update",
      `gs://${place.bucket}`,
      `--update-labels=${formatPairs(labels)}`,
      inProject(place),
    ],
  };
}

/** To a file of this machine. */
export function copyObject(uri: string, file: string): Command {
  return { args: ["storage", "cp", uri, file, "--quiet"] };
}

/** With everything in it. */
export function deleteBucket(place: BucketId): Command {
  return {
    args: [
      "storage",
      "rm",
      "--recursive",
      `gs://${place.bucket}`,
      inProject(place),
    ],
  };
}
