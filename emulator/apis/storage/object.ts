import { createHash } from "node:crypto";
import { GoogleError } from "../../core/google-error.ts";
import { crc32c } from "../secret-manager/crc32c.ts";
import { etagOf } from "./bucket.ts";
import { type Conditions, requireConditions } from "./conditions.ts";
import type { SentObject } from "./requests.ts";
import type { Bucket, StoredObject } from "./state.ts";

const API = "https://www.googleapis.com/storage/v1";

/** Microseconds since 1970, never twice the same. */
let lastGeneration = 0;

/** Base64, as Cloud Storage shows both. */
interface Hashes {
  md5Hash: string;
  crc32c: string;
}

/** A listing shows them too, and they take long for a large object. */
const known = new WeakMap<Buffer, Hashes>();

/** Writes an object over whatever has its name. Throws INVALID_ARGUMENT, ConditionNotMet. */
export function putObject(
  bucket: Bucket,
  sent: SentObject,
  content: Buffer,
  conditions: Conditions,
): StoredObject {
  const { name = "", contentType, metadata = {} } = sent;
  if (name === "" || Buffer.byteLength(name) > 1024 || /[\r\n]/.test(name)) {
    throw new GoogleError("INVALID_ARGUMENT", "Required");
  }
  requireConditions(conditions, bucket.objects.get(name));
  requireHashes(sent, hashesOf(content));
  lastGeneration = Math.max(lastGeneration + 1, Date.now() * 1000);
  const stored: StoredObject = {
    name,
    generation: String(lastGeneration),
    metageneration: 1,
    contentType: contentType ?? "application/octet-stream",
    content,
    timeCreated: new Date().toISOString(),
    metadata,
  };
  bucket.objects.set(name, stored);
  return stored;
}

/** As the JSON API shows it. */
export function toObject(bucket: Bucket, stored: StoredObject): object {
  const { name, generation, metageneration, content, timeCreated } = stored;
  const path = `b/${bucket.name}/o/${encodeURIComponent(name)}`;
  return {
    kind: "storage#object",
    id: `${bucket.name}/${name}/${generation}`,
    selfLink: `${API}/${path}`,
    // Clients download from here, and this cloud has no TLS.
    mediaLink: `http://storage.googleapis.com/download/storage/v1/${path}?generation=${generation}&alt=media`,
    name,
    bucket: bucket.name,
    generation,
    metageneration: String(metageneration),
    contentType: stored.contentType,
    storageClass: bucket.storageClass,
    size: String(content.length),
    ...hashesOf(content),
    etag: etagOf(metageneration),
    timeCreated,
    updated: timeCreated,
    timeStorageClassUpdated: timeCreated,
    timeFinalized: timeCreated,
    ...(Object.keys(stored.metadata).length > 0 && {
      metadata: stored.metadata,
    }),
  };
}

function requireHashes(sent: SentObject, found: Hashes): void {
  const { md5Hash = found.md5Hash, crc32c: sum = found.crc32c } = sent;
  const wrong =
    md5Hash !== found.md5Hash
      ? `Provided MD5 hash "${md5Hash}" doesn't match calculated MD5 hash "${found.md5Hash}".`
      : sum !== found.crc32c
        ? `Provided CRC32C "${sum}" doesn't match calculated CRC32C "${found.crc32c}".`
        : undefined;
  if (wrong !== undefined) throw new GoogleError("INVALID_ARGUMENT", wrong);
}

function hashesOf(content: Buffer): Hashes {
  const hashes = known.get(content) ?? {
    md5Hash: md5(content),
    crc32c: checksum(content),
  };
  known.set(content, hashes);
  return hashes;
}

function md5(content: Buffer): string {
  return createHash("md5").update(content).digest("base64");
}

/** Big-endian bytes in base64. */
function checksum(content: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32c(content));
  return bytes.toString("base64");
}
