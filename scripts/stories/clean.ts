import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { say } from "../lib/cli/terminal.ts";
import { holdGcloud, runGcloud } from "../lib/google/gcloud.ts";
import { finish } from "../lib/plan/finish.ts";
import { titlesOf } from "../lib/plan/step.ts";
import { readAlertsRemoval } from "../lib/service/alerts/env-alerts.ts";
import { confirmRemoval } from "../lib/service/clean/confirm-removal.ts";
import { planClean } from "../lib/service/clean/plan-clean.ts";
import { refuseReturned } from "../lib/service/clean/refuse-returned.ts";
import type { Login } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { readState } from "../lib/service/state/read-state.ts";

export async function clean(args: Arguments, login: Login): Promise<boolean> {
  const session = await openSession(login, { yes: args.flag("yes") });
  const { settings, read } = session;
  const { env } = settings;
  const [alerts, service] = await Promise.all([
    readAlertsRemoval([{ settings, read }]),
    readState(read, settings).then((state) => planClean(settings, state)),
  ]);
  // What costs goes first: who may not take the alerts away is rid of it then. They tell of a minute of silence, and go before.
  const plan = [...service.plan, ...alerts.plan];
  const kept = [...alerts.kept, ...service.kept];
  for (const what of kept) say(`stays: ${what}`);
  const removed = titlesOf(plan);
  return finish(args, {
    plan,
    effects: { gcloud: runGcloud, hold: holdGcloud },
    confirmation: confirmRemoval(
      removed,
      scriptCommand("clean", env),
      settings.protected ? env : undefined,
    ),
    outcome: async () => {
      await refuseReturned(settings, async () => {
        const left = planClean(settings, await readState(read, settings));
        return titlesOf(left.plan);
      });
      return { env, removed, kept };
    },
    describe: () => (removed.length > 0 ? "Removed." : "Nothing to remove."),
  });
}
