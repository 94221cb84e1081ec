import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { say } from "../lib/cli/terminal.ts";
import { holdGcloud, runGcloud } from "../lib/google/gcloud.ts";
import { parseGithubSource } from "../lib/pipeline/github/source.ts";
import { readPipelineResources } from "../lib/pipeline/read-pipeline.ts";
import { readSetup } from "../lib/pipeline/read-setup.ts";
import { describeSetup, toSetupOutcome } from "../lib/pipeline/report.ts";
import { openPipeline } from "../lib/pipeline/session.ts";
import { parseRepository } from "../lib/pipeline/triggers.ts";
import { requireAlertsOnly } from "../lib/pipeline/usage.ts";
import { converge } from "../lib/plan/converge.ts";
import { finish } from "../lib/plan/finish.ts";
import { titlesOf } from "../lib/plan/step.ts";
import { parseBuilds } from "../lib/release/builds.ts";
import {
  readMakingPlan,
  readUnbuilt,
} from "../lib/release/setup/read-making-plan.ts";
import { readRemovalPlan } from "../lib/release/setup/read-removal-plan.ts";
import {
  readAlertsPlan,
  readAlertsRemoval,
} from "../lib/service/alerts/env-alerts.ts";
import { parseAlerts } from "../lib/service/alerts/options.ts";
import { describeAlerts } from "../lib/service/alerts/report.ts";
import { confirmRemoval } from "../lib/service/clean/confirm-removal.ts";
import { logIn } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { readService } from "../lib/service/state/read-service.ts";

export function setup(args: Arguments): Promise<boolean> {
  const [env] = args.positionals;
  return env === undefined ? setUpPipeline(args) : setUpAlerts(args, env);
}

async function setUpPipeline(args: Arguments): Promise<boolean> {
  const remove = args.flag("remove");
  const ci = args.value("ci");
  const email = parseAlerts(args);
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
    const making = { source, github: asked, email, builds };
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

/** The alerts of one env, without a pipeline. */
async function setUpAlerts(args: Arguments, env: string): Promise<boolean> {
  requireAlertsOnly(args, env);
  const remove = args.flag("remove");
  const email = parseAlerts(args);
  const { settings, read } = await openSession(logIn(env), {
    yes: args.flag("yes"),
  });
  const done = new Set<string>();

  return converge(async () => {
    const service = await readService(read, settings);
    const watched = [{ settings, read, service }];
    const { plan, kept, notes } =
      email === undefined
        ? await readAlertsRemoval(watched)
        : await readAlertsPlan(watched, email);
    for (const what of kept) say(`stays: ${what}`);
    for (const title of titlesOf(plan)) done.add(title);
    return finish(args, {
      plan,
      effects: { gcloud: runGcloud, hold: holdGcloud },
      confirmation: remove
        ? confirmRemoval([...done], scriptCommand("setup", env, "--remove"))
        : undefined,
      outcome: () => ({ env, done: [...done], kept, notes }),
      describe: (outcome) => describeAlerts(outcome, remove),
    });
  });
}
