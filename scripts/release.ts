import "./lib/cli/node-version.ts";
import { applyPlan, formatPlan } from "./lib/plan/apply.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { converge } from "./lib/plan/converge.ts";
import { createDeliveryTools } from "./lib/release/tools.ts";
import { openDelivery } from "./lib/pipeline/session.ts";
import {
  readReleaseFiles,
  readReleaseInput,
} from "./lib/release/read-release-input.ts";
import { releaseUsage } from "./lib/release/usage.ts";
import { describeRelease, toReleaseOutcome } from "./lib/release/report.ts";
import { planRelease } from "./lib/release/plan-release.ts";
import { printResult, say } from "./lib/cli/terminal.ts";

await runScript(releaseUsage, async (args) => {
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
