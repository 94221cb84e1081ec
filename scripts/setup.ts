import "./lib/node-version.ts";
import { applyPlan, formatPlan, gcloudTool } from "./lib/apply.ts";
import { runScript } from "./lib/cli.ts";
import { confirmRemoval } from "./lib/confirm-removal.ts";
import { openDelivery } from "./lib/delivery/open-delivery.ts";
import { listByHand } from "./lib/delivery/by-hand.ts";
import { parseRepository } from "./lib/delivery/triggers.ts";
import { createSecretPayloads } from "./lib/google/secret-payloads.ts";
import { planSetup } from "./lib/plan/plan-setup.ts";
import { planSetupRemoval } from "./lib/plan/plan-setup-removal.ts";
import { stepsOf } from "./lib/plan/step.ts";
import { readPipeline } from "./lib/state/read-delivery.ts";
import { readSetup } from "./lib/state/read-setup.ts";
import { printResult, say } from "./lib/terminal.ts";

await runScript(
  {
    command: "setup.ts",
    summary:
      "Makes what releases need, once a project: APIs, accounts with their roles, the\nimage repository, the staging bucket, and the pipeline of clouddeploy.yaml.",
    positionals: 0,
    options: {
      repository: {
        type: "string",
        help: "Make triggers for this Cloud Build repository (projects/…/repositories/…).",
      },
      github: {
        type: "string",
        help: "The same for OWNER/REPO, connected by the Cloud Build app on GitHub.",
      },
      remove: { type: "boolean", help: "Take away what setup made." },
      "dry-run": { type: "boolean", help: "Print the commands, run none." },
      json: { type: "boolean", help: "Print what was done as JSON." },
      yes: { type: "boolean", short: "y", help: "Do not ask." },
    },
  },
  async (args) => {
    const session = await openDelivery({ yes: args.flag("yes") });
    const { place, file, read } = session;
    const source = parseRepository(
      { github: args.value("github"), repository: args.value("repository") },
      place,
    );
    const state = await readSetup(session);
    const remove = args.flag("remove");
    const { plan, kept } = remove
      ? planSetupRemoval(place, state)
      : { plan: planSetup({ place, file, source }, state), kept: [] };
    for (const what of kept) say(`stays: ${what}`);
    if (args.flag("dry-run")) {
      printResult(formatPlan(plan));
      return true;
    }
    const done = stepsOf(plan).map((step) => step.title);
    if (remove && done.length > 0 && !args.flag("yes")) {
      await confirmRemoval(done, "npx tsx scripts/setup.ts --remove --yes");
    }
    await applyPlan(plan, {
      gcloud: gcloudTool,
      payloads: createSecretPayloads(session.context, place.projectId),
      readPipeline: () => readPipeline(read, place),
      verify: () => Promise.reject(new Error("setup verifies nothing")),
    });
    const byHand = remove ? [] : listByHand(place, state.delivery, source);
    say(done.length === 0 ? "Nothing to do." : remove ? "Removed." : "Set up.");
    for (const what of byHand) say(what);
    if (args.flag("json")) {
      printResult(JSON.stringify({ ...place, done, kept, byHand }, null, 2));
    }
    return true;
  },
);
