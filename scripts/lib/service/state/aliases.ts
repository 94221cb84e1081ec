import { MOST_FILES } from "../../litellm-config/config-set.ts";
import type { SecretState } from "./state.ts";

/** Secret Manager holds 50 aliases a secret ("Quotas and limits"). */
export const MOST_ALIASES = 50;

/** Whether the contents of one deploy may not find room among the aliases. */
export function isNearlyFull(secret: SecretState | undefined): boolean {
  const used = Object.keys(secret?.aliases ?? {}).length;
  return used + MOST_FILES > MOST_ALIASES;
}
