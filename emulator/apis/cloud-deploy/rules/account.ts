import { mayActAs } from "../../../core/act-as.ts";
import type { Cloud, Member } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";

/** Throws PERMISSION_DENIED, as Google does not tell an absent account from one that the caller may not act as. */
export function requireAccount(cloud: Cloud, email: string): void {
  if (cloud.serviceAccount(email) === undefined) throw mayNotActAs(email);
}

/** Throws PERMISSION_DENIED where the caller may not have a target's jobs run as their account. */
export function requireCallerActsAs(
  cloud: Cloud,
  email: string,
  caller: Member,
): void {
  if (!mayActAs(cloud, email, caller)) throw mayNotActAs(email);
}

function mayNotActAs(email: string): GoogleError {
  return new GoogleError(
    "PERMISSION_DENIED",
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${email} (or it may not exist).`,
  );
}
