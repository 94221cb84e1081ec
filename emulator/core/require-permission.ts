import type { Member } from "./cloud.ts";
import { GoogleError } from "./google-error.ts";
import { type Policy, hasPermission } from "./policy.ts";

/** Throws PERMISSION_DENIED with `text` unless one of the policies, of a resource and of its project, allows it. */
export function requirePermission(
  policies: readonly Policy[],
  member: Member,
  permission: string,
  text: string,
): void {
  if (hasPermission(policies, member, permission)) return;
  throw new GoogleError("PERMISSION_DENIED", text);
}
