import { askToConfirm } from "../lib/cli/confirm.ts";
import { type Arguments, atInterruption } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { whileWaiting } from "../lib/cli/waiting.ts";
import { describeCosts } from "../lib/load/costs.ts";
import { keepsTo } from "../lib/load/measurement.ts";
import { boundCalls, parseLoad, repeatOptions } from "../lib/load/options.ts";
import { INTERRUPTED, publish, sayLines } from "../lib/load/publish.ts";
import { proposeSizes } from "../lib/load/propose.ts";
import { runLoad } from "../lib/load/run.ts";
import { readSeen } from "../lib/load/seen.ts";
import { readServed } from "../lib/load/target.ts";
import { logIn } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { isRehearsalProject } from "../lib/settings/settings.ts";

export async function load(args: Arguments): Promise<boolean> {
  const options = parseLoad(args);
  const session = await openSession(logIn(args.positionals[0]), {
    yes: args.flag("yes"),
    check: (settings) => boundCalls(options, settings),
  });
  const { settings } = session;
  const { env, projectId } = settings;
  const bounds = boundCalls(options, settings);
  const served = await readServed(session, options);
  if (!isRehearsalProject(projectId)) {
    const { model } = served.target;
    sayLines(describeCosts(model, served.models, bounds));
    await askToConfirm(args, {
      question: "Send them?",
      what: "cost",
      command: scriptCommand("load", env, ...repeatOptions(args)),
      done: "sent",
      protected: settings.protected ? env : undefined,
    });
  }
  const wanted = { json: args.flag("json"), report: options.report };
  const run = runLoad(served, settings, bounds);
  atInterruption(() => {
    publish(wanted, { ...run.read("interrupted"), ...INTERRUPTED });
  });
  const wait = { what: run.describe, upTo: bounds.seconds };
  await whileWaiting(wait, () => run.done);
  const measured = run.read();
  const { measurement } = measured;
  const { latency } = options;
  const google = await whileWaiting({ what: "Ask what Google saw of it" }, () =>
    readSeen(session, served, measurement),
  );
  const proposal = proposeSizes({ measurement, latency, ...google });
  publish(wanted, { ...measured, ...google, proposal });
  return keepsTo(latency, measurement);
}
