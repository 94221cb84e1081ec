import "./lib/node-version.ts";
import { applyPlan, formatPlan } from "./lib/apply.ts";
import { runScript } from "./lib/cli.ts";
import { converge } from "./lib/converge.ts";
import { createDeliveryTools } from "./lib/delivery/delivery-tools.ts";
import { openDelivery } from "./lib/delivery/open-delivery.ts";
import {
  readReleaseFiles,
  readReleaseInput,
} from "./lib/delivery/read-release-input.ts";
import { releaseOptions } from "./lib/delivery/release-options.ts";
import {
  describeRelease,
  toReleaseOutcome,
} from "./lib/delivery/release-report.ts";
import { planRelease } from "./lib/plan/plan-release.ts";
import { printResult, say } from "./lib/terminal.ts";

await runScript(releaseOptions, async (args) => {
  const session = await openDelivery({ yes: args.flag("yes") });
  const files = await readReleaseFiles(session, args.positionals[0]);
  return converge(async () => {
    const { input, state } = await readReleaseInput(session, files);
    const planned = planRelease(input, state);
    if (args.flag("dry-run")) {
      printResult(formatPlan(planned.plan));
      return true;
    }
    const tools = createDeliveryTools(session);
    await applyPlan(planned.plan, tools);
    const outcome = await toReleaseOutcome(session, planned);
    say(describeRelease(session, outcome));
    if (args.flag("json")) printResult(JSON.stringify(outcome, null, 2));
    return true;
  });
});
