import { randomInt } from "node:crypto";

// Google leaves the vowels out, so that no word comes up.
const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** E.g. `litellm-proxy-00007-x5k`, as Cloud Run names a revision that was given no name. */
export function newRevisionName(service: string, generation: number): string {
  const letters = Array.from({ length: 3 }, () =>
    SUFFIX_LETTERS.charAt(randomInt(SUFFIX_LETTERS.length)),
  );
  return `${service}-${String(generation).padStart(5, "0")}-${letters.join("")}`;
}

/** Versions are microseconds, always rising. */
export function nextVersion(previous = 0): number {
  return Math.max(Date.now() * 1000, previous + 1);
}

/** A version as `metadata.resourceVersion`: eight bytes in base64, without the padding. */
export function encodeVersion(version: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(version));
  return bytes.toString("base64").replace(/=+$/, "");
}

/** The version of a `resourceVersion`; 0 for one that Cloud Run never gave. */
export function decodeVersion(resourceVersion: string): number {
  const bytes = Buffer.from(resourceVersion, "base64");
  return bytes.length === 8 ? Number(bytes.readBigUInt64BE()) : 0;
}

/** The instant with Google's six digits, e.g. `2026-11-24T05:30:00.000000Z`. */
export function timestamp(date = new Date()): string {
  return date.toISOString().replace("Z", "000Z");
}
