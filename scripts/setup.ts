import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { scriptCommand } from "./lib/cli/script-command.ts";
import { say } from "./lib/cli/terminal.ts";
import { runGcloud } from "./lib/google/gcloud.ts";
import { planSetupRemoval } from "./lib/pipeline/plan-setup-removal.ts";
import { planSetup } from "./lib/pipeline/plan-setup.ts";
import { readPipelineResources } from "./lib/pipeline/read-pipeline.ts";
import { readSetup } from "./lib/pipeline/read-setup.ts";
import { describeSetup, toSetupOutcome } from "./lib/pipeline/report.ts";
import { openPipeline } from "./lib/pipeline/session.ts";
import { parseRepository } from "./lib/pipeline/triggers.ts";
import { setupUsage } from "./lib/pipeline/usage.ts";
import { converge } from "./lib/plan/converge.ts";
import { finish } from "./lib/plan/finish.ts";
import { titlesOf } from "./lib/plan/step.ts";
import { confirmRemoval } from "./lib/service/clean/confirm-removal.ts";

await runScript(setupUsage, async (args) => {
  const session = await openPipeline({ yes: args.flag("yes") });
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
    for (const title of titlesOf(plan)) done.add(title);
    return finish(args, {
      plan,
      effects: {
        gcloud: runGcloud,
        readPipelineResources: () => readPipelineResources(read, place),
      },
      confirmation: remove
        ? confirmRemoval([...done], scriptCommand("setup", "--remove"))
        : undefined,
      outcome: () =>
        toSetupOutcome(place, { done, kept, remove, source }, state),
      describe: (outcome) => describeSetup(outcome, remove),
    });
  });
});
