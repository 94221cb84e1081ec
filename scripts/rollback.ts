import "./lib/cli/node-version.ts";
import { applyPlan, formatPlan, gcloudTool } from "./lib/plan/apply.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { confirmChange } from "./lib/cli/confirm-change.ts";
import { newAttempt, settleSeconds } from "./lib/plan/converge.ts";
import { rollBackTarget } from "./lib/release/rollback/roll-back-target.ts";
import { planRollback } from "./lib/service/rollback/plan-rollback.ts";
import { checkPreconditions } from "./lib/service/preflight.ts";
import { rollbackUsage } from "./lib/service/rollback/usage.ts";
import {
  describeRollback,
  formatRollbacks,
  listRollbacks,
  toOutcome,
} from "./lib/service/rollback/report.ts";
import { openSession } from "./lib/service/session.ts";
import { readService } from "./lib/service/state/read-service.ts";
import { readState } from "./lib/service/state/read-state.ts";
import { isOwnedByCloudDeploy } from "./lib/service/ownership.ts";
import { printResult, say } from "./lib/cli/terminal.ts";
import { verifyRevision } from "./lib/verify/verify-revision.ts";

await runScript(rollbackUsage, async (args) => {
  const session = await openSession(args.positionals[0] ?? "dev", {
    yes: args.flag("yes"),
  });
  const { settings, read, payloads } = session;
  const state = await readState(read, settings);
  if (state.service !== undefined && isOwnedByCloudDeploy(state.service)) {
    return rollBackTarget(settings, state, args);
  }
  if (args.flag("list")) {
    const list = listRollbacks(settings, state);
    const table = () => formatRollbacks(list, Date.now());
    printResult(args.flag("json") ? JSON.stringify(list, null, 2) : table());
    return true;
  }
  const input = { settings, attempt: newAttempt(), to: args.value("to") };
  const planned = planRollback(input, state);
  checkPreconditions(settings, state, { force: false });
  const outcome = toOutcome(settings, planned);
  say(describeRollback(outcome));
  if (args.flag("dry-run")) {
    printResult(formatPlan(planned.plan));
    return true;
  }
  if (!args.flag("yes")) {
    const command = `npx tsx scripts/rollback.ts ${settings.env} --yes`;
    await confirmChange("Roll back?", "rollback", command);
  }
  await applyPlan(planned.plan, {
    gcloud: gcloudTool,
    payloads,
    readService: () => readService(read, settings),
    verify: (_revision, tag) =>
      verifyRevision(session, tag, settleSeconds(planned)),
  });
  say(`\nDone: ${outcome.revision} serves.
The next deploy brings back what envs/ and config/ say: mend them first.
Undo: npx tsx scripts/rollback.ts ${settings.env} --to=${outcome.from.revision}`);
  if (args.flag("json")) printResult(JSON.stringify(outcome, null, 2));
  return true;
});
