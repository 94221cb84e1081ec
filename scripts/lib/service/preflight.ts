import { UserError } from "../cli/errors.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { enableAccount } from "../google/commands/accounts.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { Settings } from "../settings/settings.ts";
import { isOwnedByCloudDeploy } from "./ownership.ts";
import type { State } from "./state/state.ts";
import { say } from "../cli/terminal.ts";

/** What must be right before anything is written. */
export function checkPreconditions(
  settings: Settings,
  state: State,
  options: { force: boolean },
): void {
  const { env } = settings;
  if (state.billingEnabled === undefined) {
    say("note: the account may not see whether billing is on; going on");
  }
  if (state.serviceAccount?.disabled === true) {
    throw new UserError(
      `service account ${settings.serviceAccount} is disabled`,
      {
        hint: `Enable it: ${formatCommand(enableAccount(settings, settings.serviceAccount))}`,
      },
    );
  }
  if (
    state.service !== undefined &&
    isOwnedByCloudDeploy(state.service) &&
    !options.force
  ) {
    throw new UserError(
      `service ${settings.service} is deployed by Cloud Deploy: its next rollout would undo a direct deploy`,
      {
        hint: `Deploy directly all the same: ${scriptCommand("deploy", env, "--force")}`,
      },
    );
  }
}
