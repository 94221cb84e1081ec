import { InputError, UserError } from "../lib/cli/errors.ts";
import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { columns, printResult } from "../lib/cli/terminal.ts";
import { type EnvStatus, isRead, isWell } from "../lib/status/env-status.ts";
import { lookAtAll, lookAtOne } from "../lib/status/read-statuses.ts";
import { formatOverview, formatStatus } from "../lib/status/report.ts";
import { watch } from "../lib/status/watch.ts";

export async function status(args: Arguments): Promise<boolean> {
  const [given] = args.positionals;
  const all = args.flag("all");
  if (all && given !== undefined) {
    throw new InputError(`--all looks at every env, ${given} included`, {
      hint: `Leave one of the two out: ${scriptCommand("status", given)}`,
    });
  }
  const env = given ?? "dev";
  const ask = !args.flag("watch");
  const look = all ? await lookAtAll(ask) : await lookAtOne(env, ask);
  const format = (statuses: Awaited<ReturnType<typeof look>>): string => {
    if (args.flag("json")) return JSON.stringify(statuses, null, 2);
    const page = { width: columns(process.stdout), now: Date.now() };
    const [only] = statuses;
    return !all && only !== undefined && isRead(only)
      ? formatStatus(only, page)
      : formatOverview(statuses, page);
  };
  if (args.flag("watch")) return watch(async () => format(await look()));
  const statuses = await look();
  if (!all) requireDeployed(statuses.filter(isRead));
  printResult(format(statuses));
  return statuses.every(isWell);
}

function requireDeployed(statuses: readonly EnvStatus[]): void {
  for (const { env, project, region, service, serving } of statuses) {
    if (serving !== null) continue;
    throw new UserError(
      `nothing is deployed for ${env} yet: ${project} has no service ${service} in ${region}, or it serves nothing`,
      { hint: `Deploy it: ${scriptCommand("deploy", env)}` },
    );
  }
}
