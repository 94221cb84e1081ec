import type { Confirmation } from "../cli/confirm.ts";
import { readAlertsPlan, readAlertsRemoval } from "./alerts/env-alerts.ts";
import type { Amount } from "./alerts/options.ts";
import type { AlertsPlan } from "./alerts/plan-alerts.ts";
import {
  readDeployerPlan,
  readDeployerRemoval,
} from "./github/read-deployer.ts";
import type { GithubSource } from "./github/source.ts";
import type { Session } from "./session.ts";
import { readService } from "./state/read-service.ts";
import { requireBilling } from "./state/read-state.ts";

/** What of one env is set up; taken away where neither an address nor a repository is given. */
interface EnvSetupAsked {
  part: "alerts" | "github";
  email: string | undefined;
  budget: Amount | undefined;
  github: GithubSource | undefined;
}

/** As for its alerts, with what is asked before a workflow is written. */
type EnvSetupPlan = AlertsPlan & { confirmation?: Confirmation | undefined };

/** What a set-up of one env, or its removal, ends with; `--json` prints it. */
interface EnvSetupOutcome extends Pick<EnvSetupPlan, "kept" | "notes"> {
  env: string;
  /** Titles of the steps that ran. */
  done: string[];
}

export async function readEnvSetup(
  { settings, read }: Session,
  { part, email, budget, github }: EnvSetupAsked,
): Promise<EnvSetupPlan> {
  if (part === "github") {
    return github === undefined
      ? readDeployerRemoval(read, settings)
      : readDeployerPlan(read, settings, github);
  }
  if (email !== undefined) await requireBilling(read, settings.projectId);
  const service = await readService(read, settings);
  const watched = [{ settings, read, service }];
  return email === undefined
    ? readAlertsRemoval(watched)
    : readAlertsPlan(watched, { email, budget });
}

/** For people. */
export function describeEnvSetup(
  { done, notes }: EnvSetupOutcome,
  remove: boolean,
): string {
  const happened =
    done.length === 0 ? "Nothing to do." : remove ? "Removed." : "Set up.";
  return [happened, ...notes].join("\n");
}
