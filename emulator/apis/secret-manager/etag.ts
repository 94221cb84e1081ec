import { randomBytes } from "node:crypto";

/** With the quotation marks that belong to it (AIP-154). */
export function newSecretEtag(): string {
  return `"${randomBytes(7).toString("hex")}"`;
}
