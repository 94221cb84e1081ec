import { GoogleError } from "../../core/google-error.ts";
import type { SecretVersion } from "../../core/cloud.ts";

const MAXIMUM_ALIASES = 50;

const MAXIMUM_LABELS = 64;

const MAXIMUM_ANNOTATION_BYTES = 16 * 1024;

export function requireSecretId(id: string): void {
  if (/^[a-zA-Z0-9_-]{1,255}$/.test(id)) return;
  throw refusal(
    `The provided Secret ID [${id}] does not match the expected format [[a-zA-Z_0-9\\-]{1,255}].`,
  );
}

export function requireLabels(labels: Record<string, string>): void {
  const entries = Object.entries(labels);
  if (entries.length > MAXIMUM_LABELS) {
    throw refusal(`A secret can have at most ${MAXIMUM_LABELS} labels.`);
  }
  for (const [key, value] of entries) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      throw refusal(
        `The label key [${key}] does not match the expected format [\\p{Ll}\\p{Lo}{0,62}].`,
      );
    }
    if (!/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)) {
      throw refusal(
        `The label value [${value}] does not match the expected format [[\\p{Ll}\\p{Lo}\\p{N}_-]{0,63}].`,
      );
    }
  }
}

export function requireAnnotations(annotations: Record<string, string>): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
    if (!/^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?$/.test(key)) {
      throw refusal(`The annotation key [${key}] is not in a valid format.`);
    }
  }
  if (size > MAXIMUM_ANNOTATION_BYTES) {
    throw refusal("The total size of annotations must be at most 16 KiB.");
  }
}

/** At most 50, each well-formed and naming a version that exists. */
export function requireAliases(
  aliases: Record<string, number>,
  versions: readonly SecretVersion[],
): void {
  const entries = Object.entries(aliases);
  if (entries.length > MAXIMUM_ALIASES) {
    throw refusal(
      `A secret can have at most ${MAXIMUM_ALIASES} version aliases.`,
    );
  }
  for (const [alias, number] of entries) {
    const wellFormed = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(alias);
    if (!wellFormed || alias === "latest" || alias === "NEW") {
      throw refusal(`The version alias [${alias}] is not in a valid format.`);
    }
    if (!versions.some((version) => version.number === number)) {
      throw refusal(
        `The version alias [${alias}] refers to version [${number}], which does not exist.`,
      );
    }
  }
}

/** Region names; undefined for automatic replication. */
export function readReplication(
  sent:
    | {
        automatic?: object;
        userManaged?: { replicas?: { location?: string }[] };
      }
    | undefined,
): string[] | undefined {
  const { automatic, userManaged } = sent ?? {};
  if ((automatic === undefined) === (userManaged === undefined)) {
    throw refusal(
      "Secret.replication must be either automatic or user-managed.",
    );
  }
  if (userManaged === undefined) return undefined;
  const locations = (userManaged.replicas ?? []).map((r) => r.location ?? "");
  if (locations.length === 0) {
    throw refusal(
      "At least one replica is required for user-managed replication.",
    );
  }
  for (const location of locations) {
    if (!/^[a-z]+-[a-z]+\d{1,2}$/.test(location)) {
      throw refusal(
        `The location [${location}] is not a valid replica location.`,
      );
    }
  }
  if (new Set(locations).size < locations.length) {
    throw refusal("Replica locations must be unique.");
  }
  return locations;
}

function refusal(text: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", text);
}
