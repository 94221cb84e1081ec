import { applyPlan, formatPlan } from "../../plan/apply.ts";
import type { Arguments } from "../../cli/run-script.ts";
import { confirmChange } from "../../cli/confirm-change.ts";
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
import { createDeliveryTools } from "../tools.ts";
import { type DeliverySession, openDelivery } from "../../pipeline/session.ts";
import { renderPipeline } from "../../pipeline/render-pipeline.ts";
import {
  describeTargetRollback,
  formatReturns,
  toListedReturns,
  toTargetOutcome,
} from "./report.ts";

/** The whole rollback of an env whose service Cloud Deploy owns: list, plan, confirm, apply. */
export async function rollBackTarget(
  settings: Settings,
  state: State,
  args: Arguments,
): Promise<boolean> {
  const session = await openDelivery({ yes: args.flag("yes") });
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
    ...{ place, settings, state, returns, rollouts, waiting, to },
    target: renderTarget(session, env),
    remakes: await readReleases(read, place, `${idOfRelease(to)}-keys`),
  });
  const outcome = toTargetOutcome(settings, place, { from, to, planned });
  say(describeTargetRollback(outcome));
  if (args.flag("dry-run")) {
    printResult(formatPlan(planned.plan));
    return true;
  }
  if (!args.flag("yes")) {
    const command = `npx tsx scripts/rollback.ts ${env} --yes`;
    await confirmChange("Roll back?", "rollback", command);
  }
  await applyPlan(planned.plan, createDeliveryTools(session));
  say(`\nDone: release ${outcome.release} serves in ${env}, verified.
The next release brings back what envs/ and config/ say: mend them first.`);
  if (args.flag("json")) printResult(JSON.stringify(outcome, null, 2));
  return true;
}

async function requireRelease(
  { read, place }: DeliverySession,
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
  { file, stages }: DeliverySession,
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
      hint: "Roll its target back there: gcloud deploy targets rollback TARGET --delivery-pipeline=PIPELINE",
    },
  );
}

function idOfRelease({ name }: Release): string {
  return name.split("/").at(-1) ?? name;
}
