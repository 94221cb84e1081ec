import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import type { Policy } from "../../core/policy.ts";
import type { Slot } from "../../core/states.ts";

/** What Cloud Storage holds: names of buckets are one space for all projects. */
export interface StorageState {
  /** By name. */
  buckets: Map<string, Bucket>;
}

const STORAGE: Slot<StorageState> = {
  make: () => ({ buckets: new Map() }),
  policies: ({ buckets }) => [...buckets.values()].map((b) => b.policy),
};

export function storageOf(cloud: Cloud): StorageState {
  return cloud.states.of(STORAGE);
}

export interface Bucket {
  name: string;
  projectNumber: string;
  /** Upper case, as Cloud Storage shows it, e.g. `US-CENTRAL1`. */
  location: string;
  storageClass: string;
  timeCreated: string;
  updated: string;
  metageneration: number;
  labels: Record<string, string>;
  settings: BucketSettings;
  policy: Policy;
  /** By name. */
  objects: Map<string, StoredObject>;
}

/** What is kept and shown, and changes nothing here. */
export interface BucketSettings {
  uniform: boolean;
  publicAccess: string;
  /** Seconds. */
  softDelete: number;
  lifecycle?: object;
  versioning?: object;
}

export interface StoredObject {
  name: string;
  /** Microseconds since 1970: another one for each upload. */
  generation: string;
  metageneration: number;
  contentType: string;
  content: Buffer;
  timeCreated: string;
  metadata: Record<string, string>;
}

/** What a `gs://BUCKET/OBJECT` holds, or a `gs://BUCKET/OBJECT#GENERATION`. Throws NOT_FOUND. */
export function readObject(cloud: Cloud, url: string): Buffer {
  const [, bucketName = "", name = "", generation] =
    /^gs:\/\/([^/]+)\/(.+?)(?:#(\d+))?$/.exec(url) ?? [];
  const bucket = storageOf(cloud).buckets.get(bucketName);
  if (bucket === undefined) {
    throw new GoogleError("NOT_FOUND", "The specified bucket does not exist.");
  }
  const found = bucket.objects.get(name);
  const isIt = generation === undefined || found?.generation === generation;
  if (found !== undefined && isIt) return found.content;
  throw new GoogleError("NOT_FOUND", `No such object: ${bucketName}/${name}`);
}
