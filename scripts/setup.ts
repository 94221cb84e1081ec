import "./lib/cli/node-version.ts";
import { applyPlan, formatPlan, gcloudTool } from "./lib/plan/apply.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { confirmRemoval } from "./lib/cli/confirm-removal.ts";
import { converge } from "./lib/plan/converge.ts";
import { openDelivery } from "./lib/pipeline/session.ts";
import { listByHand } from "./lib/pipeline/by-hand.ts";
import { parseRepository } from "./lib/pipeline/triggers.ts";
import { createSecretPayloads } from "./lib/google/secret-payloads.ts";
import { planSetup } from "./lib/pipeline/plan-setup.ts";
import { planSetupRemoval } from "./lib/pipeline/plan-setup-removal.ts";
import { stepsOf } from "./lib/plan/step.ts";
import { setupUsage } from "./lib/pipeline/usage.ts";
import { readPipeline } from "./lib/pipeline/read-pipeline.ts";
import { readSetup } from "./lib/pipeline/read-setup.ts";
import { printResult, say } from "./lib/cli/terminal.ts";

await runScript(setupUsage, async (args) => {
  const session = await openDelivery({ yes: args.flag("yes") });
  const { place, file, read } = session;
  const source = parseRepository(
    { github: args.value("github"), repository: args.value("repository") },
    place,
  );
  const remove = args.flag("remove");
  const done = new Set<string>();

  return converge(async () => {
    const state = await readSetup(session);
    const { plan, kept } = remove
      ? planSetupRemoval(place, state)
      : { plan: planSetup({ place, file, source }, state), kept: [] };
    for (const what of kept) say(`stays: ${what}`);
    if (args.flag("dry-run")) {
      printResult(formatPlan(plan));
      return true;
    }
    for (const step of stepsOf(plan)) done.add(step.title);
    if (remove && done.size > 0 && !args.flag("yes")) {
      await confirmRemoval([...done], "npx tsx scripts/setup.ts --remove -y");
    }
    await applyPlan(plan, {
      gcloud: gcloudTool,
      payloads: createSecretPayloads(session.context, place.projectId),
      readPipeline: () => readPipeline(read, place),
      verify: () => Promise.reject(new Error("setup verifies nothing")),
    });
    say(done.size === 0 ? "Nothing to do." : remove ? "Removed." : "Set up.");
    const byHand = remove ? [] : listByHand(place, state.delivery, source);
    for (const what of byHand) say(what);
    if (args.flag("json")) {
      const result = { ...place, done: [...done], kept, byHand };
      printResult(JSON.stringify(result, null, 2));
    }
    return true;
  });
});
