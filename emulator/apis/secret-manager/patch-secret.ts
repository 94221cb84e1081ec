import type { StoredSecret } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { requireDestroyTtl } from "./delayed-destruction.ts";
import { SECRET_FIELD_NAMES, type SentSecret } from "./requests.ts";
import { requireAliases, requireAnnotations, requireLabels } from "./rules.ts";
import { newSecretEtag, requireEtag } from "./etag.ts";

/** Changes the fields that the mask names, all or none; a field that the mask names and the body lacks becomes empty. */
export function patchSecret(
  secret: StoredSecret,
  sent: SentSecret,
  mask: string,
): void {
  requireEtag(sent.etag, secret.etag);
  const changed = { ...secret };
  for (const field of readMask(mask)) {
    if (field === "labels") changed.labels = sent.labels ?? {};
    else if (field === "annotations")
      changed.annotations = sent.annotations ?? {};
    else if (field === "versionAliases") {
      changed.versionAliases = sent.versionAliases ?? {};
    } else if (field === "versionDestroyTtl") {
      changed.versionDestroyTtl = sent.versionDestroyTtl;
    } else if (field !== "etag") throw notUpdatable(field);
  }
  requireLabels(changed.labels);
  requireAnnotations(changed.annotations);
  requireAliases(changed.versionAliases, secret.versions);
  requireDestroyTtl(changed.versionDestroyTtl);
  Object.assign(secret, changed, { etag: newSecretEtag() });
}

function readMask(mask: string): string[] {
  const fields = mask
    .split(",")
    .filter((path) => path !== "")
    .map(toCamelCase);
  if (fields.length === 0) {
    throw new GoogleError("INVALID_ARGUMENT", "Update mask is required.");
  }
  return fields;
}

function notUpdatable(field: string): GoogleError {
  const known = SECRET_FIELD_NAMES.includes(field.split(".")[0] ?? field);
  return new GoogleError(
    "INVALID_ARGUMENT",
    known
      ? `The field [${field}] cannot be updated.`
      : `Invalid field mask: the field [${field}] does not exist.`,
  );
}

function toCamelCase(path: string): string {
  return path.replace(/_([a-z])/g, (_match, letter: string) =>
    letter.toUpperCase(),
  );
}
