import "./lib/node-version.ts";
import { applyPlan, formatPlan, gcloudTool } from "./lib/apply.ts";
import { runScript } from "./lib/cli.ts";
import { confirmChange } from "./lib/confirm-change.ts";
import { newAttempt, settleSeconds } from "./lib/converge.ts";
import { rollBackTarget } from "./lib/delivery/roll-back-target.ts";
import { planRollback } from "./lib/plan/plan-rollback.ts";
import { checkPreconditions } from "./lib/preflight.ts";
import { rollbackOptions } from "./lib/rollback-options.ts";
import {
  describeRollback,
  formatRollbacks,
  listRollbacks,
  toOutcome,
} from "./lib/rollback-report.ts";
import { openSession } from "./lib/session.ts";
import { readService } from "./lib/state/read-service.ts";
import { readState } from "./lib/state/read-state.ts";
import { isOwnedByCloudDeploy } from "./lib/state/ownership.ts";
import { printResult, say } from "./lib/terminal.ts";
import { verifyRevision } from "./lib/verify-revision.ts";

await runScript(rollbackOptions, async (args) => {
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
