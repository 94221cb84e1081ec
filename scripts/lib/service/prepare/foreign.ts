import { UserError } from "../../cli/errors.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { isOurAccount, isOurSecret, isOurService } from "../ownership.ts";
import type { State } from "../state/state.ts";
import type { Settings } from "../../settings/settings.ts";

/** Stops before any change where something of the right name is not ours, unless it is to be taken over. */
export function refuseForeign(
  { settings, adopt }: { settings: Settings; adopt: boolean },
  state: State,
): void {
  const foreign = listForeign(settings, state);
  if (foreign.length === 0 || adopt) return;
  const { env } = settings;
  throw new UserError(
    [
      `the project already has, without this project's mark:`,
      ...foreign.map((what) => `  ${what}`),
      "They may come from the bash flow that this project ports. Nothing was changed.",
    ].join("\n"),
    {
      hint: `Take them over, without an outage: ${scriptCommand("deploy", env, "--adopt")}. Or choose other names in envs/${env}.env.`,
    },
  );
}

function listForeign(settings: Settings, state: State): string[] {
  const { service, serviceAccount, secrets } = state;
  const used = [
    secrets.config,
    ...(settings.clientKeys ? [secrets.clientKeys] : []),
    ...settings.keys.map((key) => secrets.keys[key.name]),
  ];
  return [
    ...(service !== undefined && !isOurService(service)
      ? [`service ${settings.service} in ${settings.region}`]
      : []),
    ...(serviceAccount !== undefined && !isOurAccount(serviceAccount)
      ? [`service account ${serviceAccount.email}`]
      : []),
    ...used.flatMap((secret) =>
      secret !== undefined && !isOurSecret(secret)
        ? [`secret ${secret.name}`]
        : [],
    ),
  ];
}
