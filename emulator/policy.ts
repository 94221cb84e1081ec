import { randomBytes } from "node:crypto";
import { GoogleError } from "./google-error.ts";

export interface Condition {
  title?: string;
  description?: string;
  expression: string;
}

export interface Binding {
  role: string;
  members: string[];
  condition?: Condition;
}

/** An IAM policy as Google's APIs exchange it; `etag` is base64. */
export interface Policy {
  version: number;
  etag: string;
  bindings: Binding[];
}

export function newPolicy(bindings: Binding[] = []): Policy {
  return { version: 1, etag: newEtag(), bindings };
}

export function newEtag(): string {
  return randomBytes(8).toString("base64");
}

/**
 * The policy that `setIamPolicy` stores: checked against the current etag when
 * the caller sent one, empty bindings dropped, with a fresh etag.
 * Throws ABORTED on a stale etag, as Google does.
 */
export function replacePolicy(
  current: Policy,
  sent: { etag?: string; version?: number; bindings?: Binding[] },
): Policy {
  if (sent.etag !== undefined && sent.etag !== current.etag) {
    throw new GoogleError(
      "ABORTED",
      "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.",
    );
  }
  const bindings = (sent.bindings ?? []).filter((b) => b.members.length > 0);
  const conditional = bindings.some((b) => b.condition !== undefined);
  return { version: conditional ? 3 : 1, etag: newEtag(), bindings };
}

/** Whether `member` (`serviceAccount:…`, `user:…`) holds one of `roles`. */
export function holdsRole(
  policy: Policy,
  member: string,
  roles: readonly string[],
): boolean {
  return policy.bindings.some(
    (b) =>
      roles.includes(b.role) &&
      (b.members.includes(member) ||
        b.members.includes("allUsers") ||
        b.members.includes("allAuthenticatedUsers")),
  );
}
