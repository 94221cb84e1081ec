import { randomBytes } from "node:crypto";
import { GoogleError } from "../../core/google-error.ts";

/** With the quotation marks that belong to it (AIP-154). */
export function newSecretEtag(): string {
  return `"${randomBytes(7).toString("hex")}"`;
}

/** Throws FAILED_PRECONDITION on an etag that is not the current one. */
export function requireEtag(sent: string | undefined, current: string): void {
  if (sent === undefined || sent === "" || sent === current) return;
  throw new GoogleError(
    "FAILED_PRECONDITION",
    `The etag provided in the request: [${sent}] does not match the current etag of the resource: [${current}].`,
  );
}
