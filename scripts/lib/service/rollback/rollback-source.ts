import { UserError } from "../../cli/errors.ts";
import { rollBackByHand } from "../../google/commands/deploy.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Revision, Service } from "../../manifest/knative.ts";
import { isOurService, isOwnedByCloudDeploy } from "../ownership.ts";
import type { State } from "../state/state.ts";
import { type Serving, findMain, findServing } from "../serving.ts";

export interface RollbackSource {
  service: Service;
  serving: Serving;
  /** The revision that takes most of the traffic. */
  from: Revision;
}

/** The service as a rollback finds it. Throws UserError where there is none that it may touch. */
export function findSource(settings: Settings, state: State): RollbackSource {
  const { service } = state;
  const { env, region } = settings;
  if (service === undefined) {
    throw new UserError(
      `there is no service ${settings.service} in ${region}`,
      {
        hint: `Deploy it: ${scriptCommand("deploy", env)}`,
      },
    );
  }
  if (!isOurService(service)) {
    throw new UserError(
      `service ${settings.service} was not made by this project`,
      { hint: `Take it over: ${scriptCommand("deploy", env, "--adopt")}` },
    );
  }
  if (isOwnedByCloudDeploy(service)) {
    throw new UserError(
      `service ${settings.service} is deployed by Cloud Deploy: its next rollout would undo a change of traffic`,
      {
        hint: `Roll its target back there: ${formatCommand(rollBackByHand(settings))}`,
      },
    );
  }
  const serving = findServing(service, state.revisions);
  const from = findMain(serving, state.revisions);
  if (from !== undefined) return { service, serving, from };
  throw new UserError(`service ${settings.service} serves no revision`, {
    hint: `Deploy it: ${scriptCommand("deploy", env)}`,
  });
}
