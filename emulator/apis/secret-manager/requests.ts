import {
  bytes,
  int64,
  list,
  map,
  message,
  outputOnly,
  string,
  uncovered,
} from "../../core/message.ts";

const SECRET_FIELDS = {
  name: outputOnly,
  replication: message({
    automatic: message({ customerManagedEncryption: uncovered }),
    userManaged: message({
      replicas: list(
        message({ location: string, customerManagedEncryption: uncovered }),
      ),
    }),
  }),
  createTime: outputOnly,
  labels: map(string),
  annotations: map(string),
  versionAliases: map(int64),
  etag: string,
  customerManagedEncryption: uncovered,
  expireTime: uncovered,
  policyMember: outputOnly,
  rotation: uncovered,
  secretType: uncovered,
  tags: uncovered,
  topics: uncovered,
  ttl: uncovered,
  versionDestroyTtl: string,
};

export const SECRET = message(SECRET_FIELDS);

/** What `SECRET` reads to. */
export type SentSecret = NonNullable<ReturnType<typeof SECRET.read>>;

/** Names of all fields that a secret has, for update masks. */
export const SECRET_FIELD_NAMES = Object.keys(SECRET_FIELDS);

export const ADD_VERSION = message({
  payload: message({ data: bytes, dataCrc32c: int64 }),
});

export const CHANGE_VERSION = message({ etag: string });
