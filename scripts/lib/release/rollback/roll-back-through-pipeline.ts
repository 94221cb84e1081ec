import { finish } from "../../plan/finish.ts";
import type { Arguments } from "../../cli/run-script.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { rollBackByHand } from "../../google/commands/deploy.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { UserError } from "../../cli/errors.ts";
import { chooseReturn, listReturns } from "./choose-return.ts";
import {
  type TargetRollbackInput,
  planTargetRollback,
} from "./plan-target-rollback.ts";
import type { Settings } from "../../settings/settings.ts";
import {
  readRelease,
  readReleases,
  readRollouts,
  readWaitingRuns,
} from "../read-releases.ts";
import { type Release, releaseOf } from "../release-state.ts";
import type { State } from "../../service/state/state.ts";
import { printResult, say } from "../../cli/terminal.ts";
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
    printResult(args.flag("json") ? json() : formatReturns(listed, Date.now()));
    return true;
  }
  const [to, from, waiting] = await Promise.all([
    requireRelease(session, chooseReturn(env, returns, args.value("to"))),
    requireRelease(session, releaseOf(returns.latest)),
    readWaitingRuns(read, place, env),
  ]);
  const planned = planTargetRollback({
    place,
    settings,
    state,
    returns,
    rollouts,
    waiting,
    to,
    target: renderTarget(session, env),
    remakes: await readReleases(read, place, `${idOfRelease(to)}-keys`),
  });
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

/** Throws UserError where the env is no stage. */
function renderTarget(
  { file, place, stages }: PipelineSession,
  env: string,
): TargetRollbackInput["target"] {
  const resources = renderPipeline(
    file,
    stages.map((settings) => ({ settings })),
  );
  const target = resources.find(
    (r) => r.kind === "Target" && r.metadata.name === env,
  );
  if (target !== undefined) return target;
  throw new UserError(
    `the service of env ${env} is deployed by Cloud Deploy, but ${env} is no stage of clouddeploy.yaml`,
    {
      hint: `Roll its target back there: ${formatCommand(rollBackByHand(place))}`,
    },
  );
}

function idOfRelease({ name }: Release): string {
  return name.split("/").at(-1) ?? name;
}
