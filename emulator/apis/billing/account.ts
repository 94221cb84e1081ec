import type { Cloud } from "../../core/cloud.ts";
import { type Policy, newPolicy } from "../../core/policy.ts";
import type { Slot } from "../../core/states.ts";

/** The one billing account that there is. */
export const ACCOUNT = {
  name: "billingAccounts/000000-000000-000001",
  open: true,
  displayName: "Emulated billing account",
  currencyCode: "USD",
};

const POLICY: Slot<{ policy: Policy }> = {
  make: () => ({ policy: newPolicy() }),
  policies: ({ policy }) => [policy],
};

/** Who may do what on the account: nobody, until a test says so. No route changes it. */
export function accountPolicyOf(cloud: Cloud): Policy {
  return cloud.states.of(POLICY).policy;
}
