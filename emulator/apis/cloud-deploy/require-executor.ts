import type { Cloud, Member } from "../../core/cloud.ts";
import { executionAccount } from "./engine/accounts.ts";
import type { NewRollout } from "./engine/create-rollout.ts";
import { findStage, requireFound } from "./engine/find.ts";
import { requireCallerActsAs } from "./rules/account.ts";
import { deliveryOf } from "./state.ts";

/** Throws PERMISSION_DENIED unless the caller may act as the account that a rollout's jobs run as. */
export function requireExecutor(
  cloud: Cloud,
  wanted: NewRollout,
  caller: Member,
): void {
  const { releases } = deliveryOf(cloud);
  const release = requireFound(releases.get(wanted.release), wanted.release);
  const { target } = findStage(release, wanted.targetId);
  const configured = target.executionConfigs?.flatMap(({ usages }) => usages);
  for (const usage of ["DEPLOY", "VERIFY"] as const) {
    if (usage === "VERIFY" && !configured?.includes(usage)) continue;
    requireCallerActsAs(cloud, executionAccount(cloud, target, usage), caller);
  }
}
