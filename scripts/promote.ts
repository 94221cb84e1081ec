import "./lib/node-version.ts";
import { applyPlan, formatPlan } from "./lib/apply.ts";
import { runScript } from "./lib/cli.ts";
import { confirmChange } from "./lib/confirm-change.ts";
import { createDeliveryTools } from "./lib/delivery/delivery-tools.ts";
import { describeMove } from "./lib/delivery/describe-move.ts";
import { openDelivery } from "./lib/delivery/open-delivery.ts";
import { promoteOptions } from "./lib/delivery/promote-options.ts";
import {
  describePromotion,
  toPromoteOutcome,
} from "./lib/delivery/promote-report.ts";
import { readPromotion } from "./lib/delivery/read-promotion.ts";
import { planPromote } from "./lib/plan/plan-promote.ts";
import { printResult, say } from "./lib/terminal.ts";

await runScript(promoteOptions, async (args) => {
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
