import { scriptCommand } from "../cli/script-command.ts";
import { UserError } from "../cli/errors.ts";
import { holds } from "../google/policy.ts";
import { accountEmail } from "../pipeline/accounts.ts";
import { deployingRole } from "../service/deploying-roles.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import { whomItLets } from "../service/guard.ts";
import type { StageInput } from "./plan-stages.ts";

/**
 * What Cloud Deploy's accounts may follows ACCESS, and setup.ts gives it: where
 * ACCESS changed since, a rollout would fail halfway. Throws UserError then.
 */
export function checkRoles(
  place: PipelinePlace,
  stages: readonly StageInput[],
): void {
  const missing = stages.flatMap(({ settings, state }) => {
    const has = (account: "execution" | "verify", role: string): boolean =>
      holds(
        state.projectBindings,
        role,
        `serviceAccount:${accountEmail(place.projectId, account)}`,
      );
    const { env, access, projectId } = settings;
    const lets = whomItLets(state.service);
    const opens = access === "public" || lets === "everybody";
    const asks = access === "iam" || lets === "identities";
    const admin = deployingRole(true);
    return [
      ...(opens && !has("execution", admin)
        ? [`${env}: ${admin} on ${projectId} for what deploys`]
        : []),
      ...(asks && !has("verify", INVOKER)
        ? [`${env}: ${INVOKER} on ${projectId} for what verifies`]
        : []),
    ];
  });
  if (missing.length === 0) return;
  throw new UserError(
    [
      "ACCESS is another one since the set-up, and Cloud Deploy's accounts lack:",
      ...missing,
      "Nothing was changed.",
    ].join("\n  "),
    { hint: `Whoever set it up gives it: ${scriptCommand("setup")}` },
  );
}

const INVOKER = "roles/run.invoker";
