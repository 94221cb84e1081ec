import { randomUUID } from "node:crypto";
import { GoogleError } from "../../../core/google-error.ts";
import { hasPermission } from "../../../core/policy.ts";
import type { AutomationRun, Rollout } from "../rollout.ts";
import { type Automation, deliveryOf } from "../state.ts";
import { executionAccount, memberOf, requireActAs } from "./accounts.ts";
import { type EngineContext, startTask } from "./context.ts";
import { findParts } from "./find.ts";
import { idOf, pipelineOf, placeOf, targetName } from "./names.ts";

const TWO_WEEKS_MS = 14 * 24 * 3600 * 1000;

type Operation = Pick<
  AutomationRun,
  | "promoteReleaseOperation"
  | "advanceRolloutOperation"
  | "repairRolloutOperation"
>;

/** That what a run waited for has been decided otherwise. */
export class RunAborted extends Error {}

/** The automations that watch the target of a rollout. */
export function automationsFor(
  { cloud }: EngineContext,
  rollout: Rollout,
): Automation[] {
  const { automations, targets } = deliveryOf(cloud);
  const { targetId, name } = rollout;
  const labels = targets.get(targetName(name, targetId))?.labels ?? {};
  return [...automations.values()].filter(
    (automation) =>
      pipelineOf(automation.name) === pipelineOf(name) &&
      automation.suspended !== true &&
      automation.selector.targets.some(
        (selected) =>
          [undefined, "*", targetId].includes(selected.id) &&
          Object.entries(selected.labels ?? {}).every(
            ([key, value]) => labels[key] === value,
          ),
      ),
  );
}

/** Records a run of a rule and does its work in the background, as the automation's account. */
export function startRun(
  context: EngineContext,
  rollout: Rollout,
  automation: Automation,
  ruleId: string,
  operation: Operation,
  work: (run: AutomationRun, signal: AbortSignal) => Promise<void>,
): AutomationRun {
  const run = newRun(rollout, automation, ruleId, operation);
  deliveryOf(context.cloud).automationRuns.set(run.name, run);
  startTask(context, context.automating, run.name, async (signal) => {
    try {
      requireAutomator(context, automation.serviceAccount, rollout);
      await work(run, signal);
      setState(run, "SUCCEEDED");
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const state = error instanceof RunAborted ? "ABORTED" : "FAILED";
      setState(run, signal.aborted ? "CANCELLED" : state, message);
    }
    const description = run.stateDescription ?? "";
    context.log(
      `Cloud Deploy: automation ${idOf(automation.name)} ${run.state.toLowerCase()}${description && `: ${description}`}`,
    );
  });
  return run;
}

export function setState(
  run: AutomationRun,
  state: AutomationRun["state"],
  description?: string,
): void {
  run.state = state;
  run.updateTime = new Date().toISOString();
  delete run.waitUntilTime;
  if (description === undefined) delete run.stateDescription;
  else run.stateDescription = description;
}

function newRun(
  rollout: Rollout,
  automation: Automation,
  ruleId: string,
  operation: Operation,
): AutomationRun {
  const uid = randomUUID();
  const now = Date.now();
  const time = new Date(now).toISOString();
  return {
    name: `${pipelineOf(rollout.name)}/automationRuns/${uid}`,
    uid,
    automationId: idOf(automation.name),
    ruleId,
    targetId: rollout.targetId,
    serviceAccount: automation.serviceAccount,
    automationSnapshot: structuredClone(automation),
    createTime: time,
    updateTime: time,
    expireTime: new Date(now + TWO_WEEKS_MS).toISOString(),
    state: "PENDING",
    ...operation,
  };
}

/** Throws PERMISSION_DENIED unless the account may do what rules do. */
function requireAutomator(
  { cloud }: EngineContext,
  email: string,
  rollout: Rollout,
): void {
  const { projectId, policy } = cloud.project(placeOf(rollout.name).project);
  const permission = "clouddeploy.rollouts.create";
  if (
    cloud.serviceAccount(email) === undefined ||
    !hasPermission([policy], memberOf(email), permission)
  ) {
    throw new GoogleError(
      "PERMISSION_DENIED",
      `Permission '${permission}' denied on resource 'projects/${projectId}' for ${email} (or it may not exist).`,
    );
  }
  const { target } = findParts(cloud, rollout);
  requireActAs(cloud, email, executionAccount(cloud, target, "DEPLOY"));
}
