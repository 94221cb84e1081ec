import type { Project, SecretVersion, StoredSecret } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { crc32c } from "./crc32c.ts";
import { nameOf } from "./find-secret.ts";
import { newSecretEtag } from "./etag.ts";

/** 64 KiB. */
const MAXIMUM_BYTES = 65_536;

/** A version as Secret Manager shows it. */
export function toVersion(
  project: Project,
  secret: StoredSecret,
  version: SecretVersion,
): object {
  const { number, createTime, destroyTime, state, etag, checksummed } = version;
  const { scheduledDestruction } = version;
  return {
    name: `${nameOf(project, secret.id)}/versions/${number}`,
    createTime,
    ...(destroyTime !== undefined && { destroyTime }),
    ...(scheduledDestruction !== undefined && {
      scheduledDestroyTime: scheduledDestruction.shown,
    }),
    state,
    replicationStatus: toReplicationStatus(secret.locations),
    etag,
    ...(checksummed && { clientSpecifiedPayloadChecksum: true }),
  };
}

/** Throws INVALID_ARGUMENT on an empty or too large payload and on a checksum that is not the payload's. */
export function addVersion(
  secret: StoredSecret,
  payload: Buffer,
  checksum: number | undefined,
): SecretVersion {
  if (payload.length === 0) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      "Secret Payload cannot be empty.",
    );
  }
  if (payload.length > MAXIMUM_BYTES) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Secret Payload exceeds the maximum size of ${MAXIMUM_BYTES} bytes: it has ${payload.length}.`,
    );
  }
  const actual = crc32c(payload);
  if (checksum !== undefined && checksum !== actual) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `The checksum provided in data_crc32c [${checksum}] does not match the checksum of the data [${actual}].`,
    );
  }
  const version: SecretVersion = {
    number: (secret.versions.at(-1)?.number ?? 0) + 1,
    createTime: new Date().toISOString(),
    state: "ENABLED",
    etag: newSecretEtag(),
    checksummed: checksum !== undefined,
    payload,
  };
  secret.versions.push(version);
  return version;
}

/** By number, `latest` or alias. `latest` is the newest one, in whatever state. Throws NOT_FOUND. */
export function findVersion(
  project: Project,
  secret: StoredSecret,
  name: string,
): SecretVersion {
  const latest = secret.versions.at(-1);
  if (latest === undefined) {
    throw new GoogleError(
      "NOT_FOUND",
      `Secret [${nameOf(project, secret.id)}] not found or has no versions.`,
    );
  }
  if (name === "latest") return latest;
  const number = /^[1-9]\d*$/.test(name)
    ? Number(name)
    : secret.versionAliases[name];
  const version = secret.versions.find((v) => v.number === number);
  if (version !== undefined) return version;
  throw new GoogleError(
    "NOT_FOUND",
    `Secret Version [${nameOf(project, secret.id)}/versions/${name}] not found.`,
  );
}

/** Throws FAILED_PRECONDITION for a version that is disabled or destroyed. */
export function readPayload(
  project: Project,
  secret: StoredSecret,
  version: SecretVersion,
): Buffer {
  if (version.state === "ENABLED" && version.payload !== undefined) {
    return version.payload;
  }
  throw wrongState(project, secret, version);
}

export function wrongState(
  project: Project,
  secret: StoredSecret,
  { number, state }: SecretVersion,
): GoogleError {
  return new GoogleError(
    "FAILED_PRECONDITION",
    `Secret Version [${nameOf(project, secret.id)}/versions/${number}] is in ${state} state.`,
  );
}

function toReplicationStatus(locations: string[] | undefined): object {
  return locations === undefined
    ? { automatic: {} }
    : {
        userManaged: { replicas: locations.map((location) => ({ location })) },
      };
}
