import "./lib/cli/node-version.ts";
import { applyPlan, formatPlan, gcloudTool } from "./lib/plan/apply.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { cleanUsage } from "./lib/service/clean/usage.ts";
import { confirmRemoval } from "./lib/cli/confirm-removal.ts";
import { planClean } from "./lib/service/clean/plan-clean.ts";
import { stepsOf } from "./lib/plan/step.ts";
import { openSession } from "./lib/service/session.ts";
import { readState } from "./lib/service/state/read-state.ts";
import { printResult, say } from "./lib/cli/terminal.ts";

await runScript(cleanUsage, async (args) => {
  const session = await openSession(args.positionals[0] ?? "dev", {
    yes: args.flag("yes"),
  });
  const { settings, read, payloads } = session;
  const { plan, kept } = planClean(settings, await readState(read, settings));
  for (const what of kept) say(`stays: ${what}`);
  if (args.flag("dry-run")) {
    printResult(formatPlan(plan));
    return true;
  }
  const titles = stepsOf(plan).map((step) => step.title);
  if (titles.length > 0 && !args.flag("yes")) {
    await confirmRemoval(
      titles,
      `npx tsx scripts/clean.ts ${settings.env} --yes`,
    );
  }
  await applyPlan(plan, {
    gcloud: gcloudTool,
    payloads,
    verify: () => Promise.reject(new Error("clean verifies nothing")),
  });
  say(titles.length > 0 ? "Removed." : "Nothing to remove.");
  if (args.flag("json")) {
    printResult(JSON.stringify({ env: settings.env, removed: titles, kept }));
  }
  return true;
});
