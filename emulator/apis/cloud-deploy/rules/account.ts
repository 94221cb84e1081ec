import type { Cloud } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";

/** Throws PERMISSION_DENIED, as Google does not tell an absent account from one that the caller may not act as. */
export function requireAccount(cloud: Cloud, email: string): void {
  if (cloud.serviceAccount(email) !== undefined) return;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${email} (or it may not exist).`,
  );
}
