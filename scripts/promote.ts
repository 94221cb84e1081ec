import "./lib/cli/node-version.ts";
import { applyPlan, formatPlan } from "./lib/plan/apply.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { confirmChange } from "./lib/cli/confirm-change.ts";
import { createDeliveryTools } from "./lib/release/tools.ts";
import { describeMove } from "./lib/release/describe-move.ts";
import { openDelivery } from "./lib/pipeline/session.ts";
import { promoteUsage } from "./lib/release/promote/usage.ts";
import {
  describePromotion,
  toPromoteOutcome,
} from "./lib/release/promote/report.ts";
import { readPromotion } from "./lib/release/promote/read-promotion.ts";
import { planPromote } from "./lib/release/promote/plan-promote.ts";
import { printResult, say } from "./lib/cli/terminal.ts";

await runScript(promoteUsage, async (args) => {
  const session = await openDelivery({ yes: args.flag("yes") });
  const [target] = args.positionals;
  const approve = args.flag("approve");
  const wish = { target, release: args.value("release") };
  const found = await readPromotion(session, wish);
  if (found === undefined) {
    say("Nothing to promote: every stage has the release of the first one.");
    return true;
  }
  const { place } = session;
  const planned = planPromote({ place, approve, ...found });
  const outcome = toPromoteOutcome(session, found, planned);
  say(describeMove(`Promote to ${outcome.target}:`, outcome.from, outcome.to));
  if (args.flag("dry-run")) {
    printResult(formatPlan(planned.plan));
    return true;
  }
  if (planned.plan.length > 0 && !args.flag("yes")) {
    const flags = approve ? "--approve --yes" : "--yes";
    const command = `npx tsx scripts/promote.ts ${outcome.target} ${flags}`;
    await confirmChange("Promote?", "promotion", command);
  }
  await applyPlan(planned.plan, createDeliveryTools(session));
  say(await describePromotion(session, outcome, planned));
  if (args.flag("json")) printResult(JSON.stringify(outcome, null, 2));
  return true;
});
