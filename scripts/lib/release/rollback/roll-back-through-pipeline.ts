import { finish } from "../../plan/finish.ts";
import type { Arguments } from "../../cli/run-script.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { rollBackByHand } from "../../google/commands/deploy.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { UserError } from "../../cli/errors.ts";
import { chooseReturn, listReturns } from "./choose-return.ts";
import {
  type Remade,
  type TargetRollbackInput,
  findReasons,
  planTargetRollback,
  todaysKeys,
} from "./plan-target-rollback.ts";
import { parametersOf } from "../release-pins.ts";
import { pinsOfParameters } from "../../service/pins.ts";
import { remakeSource } from "./remake-source.ts";
import { isPromoted } from "../../pipeline/automations.ts";
import { idOf } from "../../pipeline/pipeline-state.ts";
import { readArchive } from "../source-archive.ts";
import { readSkaffold } from "../stage-source.ts";
import type { Settings } from "../../settings/settings.ts";
import {
  readRelease,
  readReleases,
  readRollouts,
  readWaitingRuns,
} from "../read-releases.ts";
import { type Release, releaseOf } from "../release-state.ts";
import type { State } from "../../service/state/state.ts";
import { columns, printResult, say } from "../../cli/terminal.ts";
import { createReleaseEffects } from "../effects.ts";
import { type PipelineSession, openPipeline } from "../../pipeline/session.ts";
import { renderPipeline } from "../../pipeline/render-pipeline.ts";
import {
  describeTargetRollback,
  formatReturns,
  toListedReturns,
  toTargetOutcome,
} from "./report.ts";

/** The whole rollback of an env whose service Cloud Deploy owns: list, plan, confirm, apply. */
export async function rollBackThroughPipeline(
  settings: Settings,
  state: State,
  args: Arguments,
): Promise<boolean> {
  const session = await openPipeline({ yes: args.flag("yes") });
  const { place, read } = session;
  const { env } = settings;
  const rollouts = await readRollouts(read, place, env);
  const returns = listReturns(env, rollouts);
  if (args.flag("list")) {
    const listed = await toListedReturns(session, settings, state, returns);
    const json = (): string => JSON.stringify(listed, null, 2);
    const page = { width: columns(process.stdout, Infinity), now: Date.now() };
    printResult(args.flag("json") ? json() : formatReturns(listed, page));
    return true;
  }
  const [to, from, waiting] = await Promise.all([
    requireRelease(session, chooseReturn(env, returns, args.value("to"))),
    requireRelease(session, releaseOf(returns.latest)),
    readWaitingRuns(read, place, env),
  ]);
  const input: TargetRollbackInput = {
    place,
    settings,
    state,
    returns,
    rollouts,
    waiting,
    to,
    isPromoted: isPromotedThere(session, env),
  };
  const reasons = findReasons(input);
  refuseNothing(input, reasons);
  const remade =
    reasons.length === 0
      ? undefined
      : await remake(session, settings, state, to);
  const planned = planTargetRollback(input, reasons, remade);
  const outcome = toTargetOutcome(settings, place, { from, to, planned });
  say(describeTargetRollback(outcome));
  return finish(args, {
    plan: planned.plan,
    effects: createReleaseEffects(session),
    confirmation: {
      question: "Roll back?",
      what: "rollback",
      command: scriptCommand("rollback", env),
    },
    outcome: () => outcome,
    describe:
      () => `\nDone: release ${outcome.release} serves in ${env}, verified.
The next release brings back what envs/ and config/ say: mend them first.`,
  });
}

async function requireRelease(
  { read, place }: PipelineSession,
  id: string,
): Promise<Release> {
  const release = await readRelease(read, place, id);
  if (release !== undefined) return release;
  throw new UserError(`there is no release ${id}`, {
    hint: "Somebody removed the pipeline at the same time. Run it again.",
  });
}

/** The release that is there already comes again only where something of it must be new. */
function refuseNothing(
  { settings: { env }, to, returns }: TargetRollbackInput,
  reasons: readonly string[],
): void {
  const id = idOf(to);
  if (id !== releaseOf(returns.latest) || reasons.length > 0) return;
  throw new UserError(`${env} has release ${id}, as it was made`, {
    hint: `See what it can go back to: ${scriptCommand("rollback", env, "--list")}`,
  });
}

/** The old release with today's keys, in the service as it is. */
async function remake(
  { place, read, stages }: PipelineSession,
  settings: Settings,
  state: State,
  to: Release,
): Promise<Remade> {
  const { service } = state;
  const pins = pinsOfParameters(parametersOf(to, settings.env));
  if (service === undefined) throw new Error("a rollback without a service");
  const [files, remakes] = await Promise.all([
    readArchive(to.skaffoldConfigUri ?? ""),
    readReleases(read, place, `${idOf(to)}-now`),
  ]);
  const source = remakeSource({
    release: to,
    files,
    stages,
    skaffold: readSkaffold(),
    settings,
    service,
    keys: todaysKeys(settings, state, pins.keys),
  });
  return { ...source, remakes, now: new Date().toISOString() };
}

/** Throws UserError where the env is no stage. */
function isPromotedThere(
  { file, place, stages }: PipelineSession,
  env: string,
): boolean {
  if (stages.some((settings) => settings.env === env)) {
    return isPromoted(renderPipeline(file, stages), env);
  }
  throw new UserError(
    `the service of env ${env} is deployed by Cloud Deploy, but ${env} is no stage of clouddeploy.yaml`,
    {
      hint: `Roll its target back there: ${formatCommand(rollBackByHand(place))}`,
    },
  );
}
