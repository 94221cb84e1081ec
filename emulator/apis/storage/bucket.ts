import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { newPolicy } from "../../core/policy.ts";
import type { SentBucket } from "./requests.ts";
import { type Bucket, storageOf } from "./state.ts";

const MULTI_REGIONS = ["ASIA", "EU", "US"];

const SEVEN_DAYS = 604_800;

const API = "https://www.googleapis.com/storage/v1";

/** Throws INVALID_ARGUMENT for a bad name, ALREADY_EXISTS for one that anybody has. */
export function createBucket(
  cloud: Cloud,
  project: Project,
  sent: SentBucket,
): Bucket {
  const { name = "", location = "US", storageClass = "STANDARD" } = sent;
  requireBucketName(name);
  const existing = storageOf(cloud).buckets.get(name);
  if (existing !== undefined) {
    throw new GoogleError(
      "ALREADY_EXISTS",
      existing.projectNumber === project.projectNumber
        ? "Your previous request to create the named bucket succeeded and you already own it."
        : "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
    );
  }
  const now = new Date().toISOString();
  const bucket: Bucket = {
    name,
    projectNumber: project.projectNumber,
    location: location.toUpperCase(),
    storageClass,
    timeCreated: now,
    updated: now,
    metageneration: 1,
    labels: {},
    settings: {
      uniform: false,
      publicAccess: "inherited",
      softDelete: SEVEN_DAYS,
    },
    policy: defaultPolicy(project),
    objects: new Map(),
  };
  changeBucket(bucket, sent);
  bucket.metageneration = 1;
  storageOf(cloud).buckets.set(name, bucket);
  return bucket;
}

/** Writes what is sent over what is there; `null` is not told from left out. */
export function changeBucket(bucket: Bucket, sent: SentBucket): void {
  const { labels, lifecycle, softDeletePolicy, versioning } = sent;
  const now = new Date().toISOString();
  bucket.updated = now;
  bucket.metageneration += 1;
  if (labels !== undefined) bucket.labels = { ...bucket.labels, ...labels };
  const { iamConfiguration } = sent;
  const uniform =
    iamConfiguration?.uniformBucketLevelAccess?.enabled ??
    iamConfiguration?.bucketPolicyOnly?.enabled;
  const publicAccess = iamConfiguration?.publicAccessPrevention;
  bucket.settings = {
    ...bucket.settings,
    ...(uniform !== undefined && { uniform }),
    ...(publicAccess !== undefined && { publicAccess }),
    ...(softDeletePolicy !== undefined && {
      softDelete: softDeletePolicy.retentionDurationSeconds ?? 0,
    }),
    ...(lifecycle !== undefined && { lifecycle }),
    ...(versioning !== undefined && { versioning }),
  };
}

/** Whether it has folders: none here has. */
export function toStorageLayout({ name, location }: Bucket): object {
  return {
    kind: "storage#storageLayout",
    bucket: name,
    location,
    locationType: locationTypeOf(location),
    hierarchicalNamespace: { enabled: false },
  };
}

function locationTypeOf(location: string): string {
  return MULTI_REGIONS.includes(location) ? "multi-region" : "region";
}

/** As the JSON API shows it. */
export function toBucket(bucket: Bucket): object {
  const { name, location, labels, timeCreated, settings } = bucket;
  const { lifecycle, versioning, softDelete } = settings;
  return {
    kind: "storage#bucket",
    id: name,
    selfLink: `${API}/b/${name}`,
    name,
    projectNumber: bucket.projectNumber,
    generation: String(Date.parse(timeCreated) * 1000),
    metageneration: String(bucket.metageneration),
    location,
    locationType: locationTypeOf(location),
    storageClass: bucket.storageClass,
    etag: etagOf(bucket.metageneration),
    timeCreated,
    updated: bucket.updated,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(lifecycle !== undefined && { lifecycle }),
    ...(versioning !== undefined && { versioning }),
    iamConfiguration: {
      bucketPolicyOnly: { enabled: settings.uniform },
      uniformBucketLevelAccess: { enabled: settings.uniform },
      publicAccessPrevention: settings.publicAccess,
    },
    softDeletePolicy: {
      retentionDurationSeconds: String(softDelete),
      effectiveTime: timeCreated,
    },
  };
}

export function etagOf(metageneration: number): string {
  return Buffer.from([8, metageneration & 0x7f]).toString("base64");
}

/** Google's rules for names, without those about domains. */
function requireBucketName(name: string): void {
  const wellFormed =
    /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(name) &&
    !/^goog|google|^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (wellFormed) return;
  throw new GoogleError("INVALID_ARGUMENT", `Invalid bucket name: '${name}'`);
}

/** What Google grants to those who have basic roles on the project. */
function defaultPolicy({ projectId }: Project) {
  return newPolicy([
    {
      role: "roles/storage.legacyBucketOwner",
      members: [`projectEditor:${projectId}`, `projectOwner:${projectId}`],
    },
    {
      role: "roles/storage.legacyBucketReader",
      members: [`projectViewer:${projectId}`],
    },
  ]);
}
