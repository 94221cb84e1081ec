import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { columns, printResult, say } from "../lib/cli/terminal.ts";
import { settleSeconds } from "../lib/plan/converge.ts";
import { finish } from "../lib/plan/finish.ts";
import { rollBackThroughPipeline } from "../lib/release/rollback/roll-back-through-pipeline.ts";
import { newAttempt } from "../lib/service/attempt.ts";
import { describeServing } from "../lib/service/describe-serving.ts";
import { isOwnedByCloudDeploy } from "../lib/service/ownership.ts";
import { checkPreconditions } from "../lib/service/preflight.ts";
import { checkReach } from "../lib/service/reach.ts";
import { planRollback } from "../lib/service/rollback/plan-rollback.ts";
import {
  describeDone,
  describeRollback,
  formatRollbacks,
  listRollbacks,
  toOutcome,
} from "../lib/service/rollback/report.ts";
import type { Login } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { readState } from "../lib/service/state/read-state.ts";
import { createDeployEffects } from "../lib/verify/deploy-effects.ts";

export async function rollback(
  args: Arguments,
  login: Login,
): Promise<boolean> {
  const session = await openSession(login, { yes: args.flag("yes") });
  const { settings, read } = session;
  const state = await readState(read, settings);
  if (state.service !== undefined && isOwnedByCloudDeploy(state.service)) {
    return rollBackThroughPipeline(settings, state, args);
  }
  if (args.flag("list")) {
    const list = listRollbacks(settings, state);
    const width = columns(process.stdout, Infinity);
    const table = () => formatRollbacks(list, { width, now: Date.now() });
    printResult(args.flag("json") ? JSON.stringify(list, null, 2) : table());
    return true;
  }
  const input = { settings, attempt: newAttempt(), to: args.value("to") };
  const planned = planRollback(input, state);
  checkPreconditions(settings, state, { force: false });
  const outcome = toOutcome(settings, planned);
  const now = describeServing(planned.plan, state);
  const reach = await checkReach(session, planned.plan, state, "as it is");
  for (const line of [...now, ...planned.found, ...reach]) say(line);
  say(describeRollback(outcome, columns(process.stderr)));
  return finish(args, {
    plan: planned.plan,
    effects: createDeployEffects(session, settleSeconds(planned.plan)),
    ...(planned.plan.length > 0 && {
      confirmation: {
        question: "Roll back?",
        what: "rollback",
        command: scriptCommand("rollback", settings.env),
      },
    }),
    outcome: () => outcome,
    describe: describeDone,
  });
}
