import {
  type Message,
  bool,
  int32,
  int64,
  list,
  map,
  message,
  oneOf,
  outputOnly,
  string,
  uncovered,
} from "../../core/message.ts";

const LIFECYCLE = message({
  rule: list(
    message({
      action: message({ type: string, storageClass: string }),
      condition: message({
        age: int32,
        createdBefore: string,
        daysSinceNoncurrentTime: int32,
        isLive: bool,
        matchesPrefix: list(string),
        matchesSuffix: list(string),
        matchesStorageClass: list(string),
        numNewerVersions: int32,
      }),
    }),
  ),
});

const BUCKET_FIELDS = {
  name: string,
  location: string,
  storageClass: oneOf("StorageClass", [
    "STANDARD",
    "NEARLINE",
    "COLDLINE",
    "ARCHIVE",
  ]),
  labels: map(string),
  lifecycle: LIFECYCLE,
  iamConfiguration: message({
    uniformBucketLevelAccess: message({
      enabled: bool,
      lockedTime: outputOnly,
    }),
    bucketPolicyOnly: message({ enabled: bool, lockedTime: outputOnly }),
    publicAccessPrevention: oneOf("PublicAccessPrevention", [
      "inherited",
      "enforced",
    ]),
  }),
  softDeletePolicy: message({
    retentionDurationSeconds: int64,
    effectiveTime: outputOnly,
  }),
  versioning: message({ enabled: bool }),
  acl: uncovered,
  autoclass: uncovered,
  billing: uncovered,
  cors: uncovered,
  customPlacementConfig: uncovered,
  defaultEventBasedHold: uncovered,
  defaultObjectAcl: uncovered,
  encryption: uncovered,
  hierarchicalNamespace: uncovered,
  ipFilter: uncovered,
  logging: uncovered,
  objectRetention: uncovered,
  retentionPolicy: uncovered,
  rpo: uncovered,
  website: uncovered,
  etag: outputOnly,
  generation: outputOnly,
  id: outputOnly,
  kind: outputOnly,
  locationType: outputOnly,
  metageneration: outputOnly,
  owner: outputOnly,
  projectNumber: outputOnly,
  selfLink: outputOnly,
  timeCreated: outputOnly,
  updated: outputOnly,
};

/** What a client may say about a bucket. */
export const BUCKET = message(BUCKET_FIELDS);

export type SentBucket = Message<typeof BUCKET_FIELDS>;

const OBJECT_FIELDS = {
  name: string,
  bucket: string,
  contentType: string,
  metadata: map(string),
  md5Hash: string,
  crc32c: string,
  size: int64,
  acl: uncovered,
  cacheControl: uncovered,
  contentDisposition: uncovered,
  contentEncoding: uncovered,
  contentLanguage: uncovered,
  customTime: uncovered,
  eventBasedHold: uncovered,
  kmsKeyName: uncovered,
  retention: uncovered,
  storageClass: string,
  temporaryHold: uncovered,
  componentCount: outputOnly,
  etag: outputOnly,
  generation: outputOnly,
  id: outputOnly,
  kind: outputOnly,
  mediaLink: outputOnly,
  metageneration: outputOnly,
  owner: outputOnly,
  selfLink: outputOnly,
  timeCreated: outputOnly,
  timeFinalized: outputOnly,
  timeStorageClassUpdated: outputOnly,
  updated: outputOnly,
};

/** What a client may say about an object that it uploads. */
export const OBJECT = message(OBJECT_FIELDS);

export type SentObject = Message<typeof OBJECT_FIELDS>;
