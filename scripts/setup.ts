import "./lib/cli/node-version.ts";
import { type Arguments, runScript } from "./lib/cli/run-script.ts";
import { scriptCommand } from "./lib/cli/script-command.ts";
import { say } from "./lib/cli/terminal.ts";
import { holdGcloud, runGcloud } from "./lib/google/gcloud.ts";
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
import { type SetupState, toWatched } from "./lib/pipeline/setup-state.ts";
import { parseRepository } from "./lib/pipeline/triggers.ts";
import { requireAlertsOnly, setupUsage } from "./lib/pipeline/usage.ts";
import { converge } from "./lib/plan/converge.ts";
import { finish } from "./lib/plan/finish.ts";
import { compact, titlesOf } from "./lib/plan/step.ts";
import {
  describeImages,
  parseBuilds,
  planBuilds,
  readImages,
} from "./lib/release/builds.ts";
import {
  readAlertsLeft,
  readAlertsPlan,
  readAlertsRemoval,
} from "./lib/service/alerts/env-alerts.ts";
import { parseAlerts } from "./lib/service/alerts/options.ts";
import { describeAlerts } from "./lib/service/alerts/report.ts";
import { confirmRemoval } from "./lib/service/clean/confirm-removal.ts";
import { openSession } from "./lib/service/session.ts";
import { readService } from "./lib/service/state/read-service.ts";

await runScript(setupUsage, (args) => {
  const [env] = args.positionals;
  return env === undefined ? setUpPipeline(args) : setUpAlerts(args, env);
});

async function setUpPipeline(args: Arguments): Promise<boolean> {
  const remove = args.flag("remove");
  const ci = args.value("ci");
  const email = parseAlerts(args);
  const builds = parseBuilds(args);
  const asked = remove ? undefined : parseGithubSource(args);
  const session = await openPipeline({ yes: args.flag("yes") });
  const { place, file, read, stages } = session;
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
    const { plan, kept, notes, ask, github } = await (
      remove ? planRemoval : planMaking
    )(state);
    for (const what of kept) say(`stays: ${what}`);
    for (const title of titlesOf(plan)) done.add(title);
    return finish(args, {
      plan,
      effects: {
        gcloud: runGcloud,
        hold: holdGcloud,
        readPipelineResources: () => readPipelineResources(read, place),
      },
      confirmation: ask(),
      outcome: async () =>
        toSetupOutcome(
          place,
          {
            done,
            kept,
            remove,
            source,
            github,
            notes: [...notes, ...(await listUnbuilt())],
          },
          state,
        ),
      describe: (outcome) => describeSetup(outcome, remove),
    });
  });

  async function planMaking(state: SetupState) {
    const pipeline = planSetup({ place, file, source }, state);
    const watched = toWatched(session, state);
    const alerts = await (email === undefined
      ? readAlertsLeft(watched)
      : readAlertsPlan(watched, email));
    const none = { plan: [], confirmation: undefined, source: undefined };
    const {
      plan,
      confirmation,
      source: github,
    } = asked === undefined
      ? none
      : await readGithubPlan(session, asked, state);
    return {
      plan: compact([
        ...pipeline,
        ...alerts.plan,
        [await planImages()],
        ...plan,
      ]),
      kept: alerts.kept,
      notes: alerts.notes,
      ask: () => confirmation,
      github,
    };
  }

  async function planImages() {
    if (!builds.build && builds.tools === undefined) return [];
    const images = await readImages(session, builds.tools);
    return builds.build ? planBuilds(stages[0], place, images) : [];
  }

  async function listUnbuilt(): Promise<string[]> {
    if (remove) return [];
    const images = await readImages(session, builds.tools);
    return describeImages(stages[0], images, builds.tools);
  }

  async function planRemoval(state: SetupState) {
    const found = await readFederation(read, place);
    const federation = planFederationRemoval(place, found, state.pipeline);
    const nothing = { plan: [], kept: [] };
    const alerts =
      ci === undefined
        ? await readAlertsRemoval(toWatched(session, state))
        : nothing;
    const rest = ci === undefined ? planSetupRemoval(place, state) : nothing;
    const only = ci === undefined ? undefined : `--ci=${ci}`;
    return {
      plan: [...alerts.plan, ...federation.plan, ...rest.plan],
      kept: [...alerts.kept, ...federation.kept, ...rest.kept],
      notes: [],
      ask: () =>
        confirmRemoval([...done], scriptCommand("setup", "--remove", only)),
      github: undefined,
    };
  }
}

/** The alerts of one env, without a pipeline. */
async function setUpAlerts(args: Arguments, env: string): Promise<boolean> {
  requireAlertsOnly(args, env);
  const remove = args.flag("remove");
  const email = parseAlerts(args);
  const { settings, read } = await openSession(env, { yes: args.flag("yes") });
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
