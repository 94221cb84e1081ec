import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { say } from "../lib/cli/terminal.ts";
import { holdGcloud, runGcloud } from "../lib/google/gcloud.ts";
import { readPipelineResources } from "../lib/pipeline/read-pipeline.ts";
import { readSetup } from "../lib/pipeline/read-setup.ts";
import { describeSetup, toSetupOutcome } from "../lib/pipeline/report.ts";
import { openPipeline } from "../lib/pipeline/session.ts";
import { parseRepository } from "../lib/pipeline/triggers.ts";
import { requireOfEnv } from "../lib/pipeline/usage.ts";
import { converge } from "../lib/plan/converge.ts";
import { finish } from "../lib/plan/finish.ts";
import { titlesOf } from "../lib/plan/step.ts";
import { parseBuilds } from "../lib/release/builds.ts";
import {
  readMakingPlan,
  readUnbuilt,
} from "../lib/release/setup/read-making-plan.ts";
import { readRemovalPlan } from "../lib/release/setup/read-removal-plan.ts";
import { parseAlerts, parseBudget } from "../lib/service/alerts/options.ts";
import { describeEnvSetup, readEnvSetup } from "../lib/service/env-setup.ts";
import { parseGithubSource } from "../lib/service/github/source.ts";
import { confirmRemoval } from "../lib/service/clean/confirm-removal.ts";
import { logIn } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";

export function setup(args: Arguments): Promise<boolean> {
  const [env] = args.positionals;
  return env === undefined ? setUpPipeline(args) : setUpEnv(args, env);
}

async function setUpPipeline(args: Arguments): Promise<boolean> {
  const remove = args.flag("remove");
  const ci = args.value("ci");
  const email = parseAlerts(args);
  const budget = parseBudget(args);
  const builds = parseBuilds(args);
  const asked = remove ? undefined : parseGithubSource(args);
  const session = await openPipeline({ yes: args.flag("yes") });
  const { place, read } = session;
  const triggers = {
    github: args.value("github"),
    repository: args.value("repository"),
  };
  const source =
    ci === undefined ? parseRepository(triggers, place) : undefined;
  const done = new Set<string>();

  return converge(async () => {
    const state = await readSetup(session);
    const making = { source, github: asked, email, budget, builds };
    const { plan, kept, notes, confirmation, github } = await (remove
      ? readRemovalPlan(session, state, { all: ci === undefined })
      : readMakingPlan(session, state, making));
    for (const what of kept) say(`stays: ${what}`);
    for (const title of titlesOf(plan)) done.add(title);
    const only = ci === undefined ? undefined : `--ci=${ci}`;
    return finish(args, {
      plan,
      effects: {
        gcloud: runGcloud,
        hold: holdGcloud,
        readPipelineResources: () => readPipelineResources(read, place),
      },
      confirmation: remove
        ? confirmRemoval([...done], scriptCommand("setup", "--remove", only))
        : confirmation,
      outcome: async () => {
        const unbuilt = remove ? [] : await readUnbuilt(session, builds);
        const run = { done, kept, remove, source, github };
        const all = { ...run, notes: [...notes, ...unbuilt] };
        return toSetupOutcome(place, all, state);
      },
      describe: (outcome) => describeSetup(outcome, remove),
    });
  });
}

/** What one env has without a pipeline. */
async function setUpEnv(args: Arguments, env: string): Promise<boolean> {
  requireOfEnv(args, env);
  const remove = args.flag("remove");
  const ci = args.value("ci");
  const email = parseAlerts(args);
  const budget = parseBudget(args);
  const github = remove ? undefined : parseGithubSource(args);
  const session = await openSession(logIn(env), { yes: args.flag("yes") });
  const done = new Set<string>();

  return converge(async () => {
    const part = ci === undefined ? "alerts" : "github";
    const asked = { part, email, budget, github } as const;
    const { plan, kept, notes, confirmation } = await readEnvSetup(
      session,
      asked,
    );
    for (const what of kept) say(`stays: ${what}`);
    for (const title of titlesOf(plan)) done.add(title);
    const only = ci === undefined ? undefined : `--ci=${ci}`;
    return finish(args, {
      plan,
      effects: { gcloud: runGcloud, hold: holdGcloud },
      confirmation: remove
        ? confirmRemoval(
            [...done],
            scriptCommand("setup", env, "--remove", only),
          )
        : confirmation,
      outcome: () => ({ env, done: [...done], kept, notes }),
      describe: (outcome) => describeEnvSetup(outcome, remove),
    });
  });
}
