import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { scriptCommand } from "./lib/cli/script-command.ts";
import { say } from "./lib/cli/terminal.ts";
import { runGcloud } from "./lib/google/gcloud.ts";
import { planFederationRemoval } from "./lib/pipeline/github/plan-federation.ts";
import { readGithubPlan } from "./lib/pipeline/github/plan-github.ts";
import { readFederation } from "./lib/pipeline/github/read-federation.ts";
import { parseGithubSource } from "./lib/pipeline/github/source.ts";
import { planSetupRemoval } from "./lib/pipeline/plan-setup-removal.ts";
import { planSetup } from "./lib/pipeline/plan-setup.ts";
import { readPipelineResources } from "./lib/pipeline/read-pipeline.ts";
import { readSetup } from "./lib/pipeline/read-setup.ts";
import { describeSetup, toSetupOutcome } from "./lib/pipeline/report.ts";
import { openPipeline } from "./lib/pipeline/session.ts";
import type { SetupState } from "./lib/pipeline/setup-state.ts";
import { parseRepository } from "./lib/pipeline/triggers.ts";
import { setupUsage } from "./lib/pipeline/usage.ts";
import { converge } from "./lib/plan/converge.ts";
import { finish } from "./lib/plan/finish.ts";
import { titlesOf } from "./lib/plan/step.ts";
import { confirmRemoval } from "./lib/service/clean/confirm-removal.ts";

await runScript(setupUsage, async (args) => {
  const remove = args.flag("remove");
  const ci = args.value("ci");
  const asked = remove ? undefined : parseGithubSource(args);
  const session = await openPipeline({ yes: args.flag("yes") });
  const { place, file, read } = session;
  const source =
    ci === undefined
      ? parseRepository(
          {
            github: args.value("github"),
            repository: args.value("repository"),
          },
          place,
        )
      : undefined;
  const done = new Set<string>();

  return converge(async () => {
    const state = await readSetup(session);
    const { plan, kept, ask, github } = await (
      remove ? planRemoval : planMaking
    )(state);
    for (const what of kept) say(`stays: ${what}`);
    for (const title of titlesOf(plan)) done.add(title);
    return finish(args, {
      plan,
      effects: {
        gcloud: runGcloud,
        readPipelineResources: () => readPipelineResources(read, place),
      },
      confirmation: ask(),
      outcome: () =>
        toSetupOutcome(place, { done, kept, remove, source, github }, state),
      describe: (outcome) => describeSetup(outcome, remove),
    });
  });

  async function planMaking(state: SetupState) {
    const pipeline = planSetup({ place, file, source }, state);
    const none = { plan: [], confirmation: undefined, source: undefined };
    const {
      plan,
      confirmation,
      source: github,
    } = asked === undefined
      ? none
      : await readGithubPlan(session, asked, state);
    return {
      plan: [...pipeline, ...plan],
      kept: [],
      ask: () => confirmation,
      github,
    };
  }

  async function planRemoval(state: SetupState) {
    const found = await readFederation(read, place);
    const federation = planFederationRemoval(place, found, state.pipeline);
    const rest =
      ci === undefined
        ? planSetupRemoval(place, state)
        : { plan: [], kept: [] };
    const only = ci === undefined ? undefined : `--ci=${ci}`;
    return {
      plan: [...federation.plan, ...rest.plan],
      kept: [...federation.kept, ...rest.kept],
      ask: () =>
        confirmRemoval([...done], scriptCommand("setup", "--remove", only)),
      github: undefined,
    };
  }
});
