import { UserError } from "../../cli/errors.ts";
import { isOurAccount, isOurSecret, isOurService } from "../ownership.ts";
import type { State } from "../state/state.ts";
import type { DeployInput } from "./input.ts";

/** Stops before any change where something of the right name is not ours, unless it is to be taken over. */
export function refuseForeign(
  input: Pick<DeployInput, "settings" | "adopt">,
  state: State,
): void {
  const foreign = listForeign(input, state);
  if (foreign.length === 0 || input.adopt) return;
  throw new UserError(
    [
      `the project already has, without this project's mark:`,
      ...foreign.map((what) => `  ${what}`),
      "They may come from the bash flow that this project ports. Nothing was changed.",
    ].join("\n"),
    {
      hint: `Take them over, without an outage: npx tsx scripts/deploy.ts ${input.settings.env} --adopt. Or choose other names in envs/${input.settings.env}.env.`,
    },
  );
}

function listForeign(
  { settings }: Pick<DeployInput, "settings">,
  state: State,
): string[] {
  const { service, serviceAccount, secrets } = state;
  const used = [
    secrets.config,
    secrets.masterKey,
    ...(settings.mode === "apikey" ? [secrets.geminiKey] : []),
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
