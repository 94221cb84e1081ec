import type {
  AutomationRun,
  Job,
  Phase,
  RepairOperation,
  RepairPhase,
  Rollout,
} from "../rollout.ts";
import type { AutomationRule, RepairPhaseConfig } from "../state.ts";
import { automationsFor, setState, startRun } from "./automation-run.ts";
import { retryJob } from "./commands.ts";
import type { EngineContext } from "./context.ts";
import { createRollout, newRolloutId } from "./create-rollout.ts";
import { rolloutsOnTarget } from "./find.ts";
import { pipelineOf } from "./names.ts";
import { pause, toMilliseconds } from "./pause.ts";
import { startNext } from "./progress.ts";
import { planRollback } from "./rollback.ts";

type Rule = NonNullable<AutomationRule["repairRolloutRule"]>;

interface Repair {
  context: EngineContext;
  rollout: Rollout;
  phase: Phase;
  job: Job;
  run: AutomationRun;
  signal: AbortSignal;
}

/** Starts the first rule that repairs the job, unless one is at it. */
export function startRepair(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  job: Job,
): void {
  if (rollout.activeRepairAutomationRun !== undefined) return;
  for (const automation of automationsFor(context, rollout)) {
    for (const { repairRolloutRule: rule } of automation.rules) {
      if (rule === undefined || !isMeant(rule, phase, job)) continue;
      const operation: RepairOperation = {
        rollout: rollout.name,
        phaseId: phase.id,
        jobId: job.id,
        currentRepairPhaseIndex: "0",
        repairPhases: [],
      };
      const run = startRun(
        context,
        rollout,
        automation,
        rule.id,
        { repairRolloutOperation: operation },
        async (running, signal) => {
          const work = { context, rollout, phase, job, run: running, signal };
          try {
            await repair(work, rule, operation);
          } finally {
            delete rollout.activeRepairAutomationRun;
            startNext(context, rollout);
          }
        },
      );
      note(rollout, run);
      return;
    }
  }
}

function isMeant(rule: Rule, phase: Phase, job: Job): boolean {
  const { phases = [], jobs = [] } = rule;
  return (
    (phases.length === 0 || phases.includes(phase.id)) &&
    (jobs.length === 0 || jobs.includes(job.id))
  );
}

function note(rollout: Rollout, { name }: AutomationRun): void {
  const known = rollout.metadata?.automation;
  const repairAutomationRuns = [...(known?.repairAutomationRuns ?? []), name];
  rollout.activeRepairAutomationRun = name;
  rollout.metadata = {
    ...rollout.metadata,
    automation: { ...known, repairAutomationRuns },
  };
}

/** Tries one phase of the repair after the other. Throws when none helped. */
async function repair(
  work: Repair,
  rule: Rule,
  operation: RepairOperation,
): Promise<void> {
  setState(work.run, "IN_PROGRESS");
  for (const [index, config] of rule.repairPhases.entries()) {
    operation.currentRepairPhaseIndex = String(index);
    const record: RepairPhase = {};
    operation.repairPhases.push(record);
    if (config.retry && (await retryAll(work, config.retry, record))) return;
    if (config.rollback) {
      rollBack(work, config.rollback, record);
      return;
    }
  }
  throw new Error(`The job ${work.job.id} failed again.`);
}

async function retryAll(
  { context, rollout, phase, job, run, signal }: Repair,
  config: NonNullable<RepairPhaseConfig["retry"]>,
  record: RepairPhase,
): Promise<boolean> {
  const { backoffMode = "BACKOFF_MODE_LINEAR", wait = "0s" } = config;
  const retry: NonNullable<RepairPhase["retry"]> = {
    totalAttempts: "0",
    backoffMode,
    attempts: [],
  };
  record.retry = retry;
  for (let number = 1; number <= Number(config.attempts); number++) {
    // "Using automation rules": LINEAR waits the same each time.
    const factor =
      backoffMode === "BACKOFF_MODE_LINEAR" ? 1 : 2 ** (number - 1);
    const milliseconds = toMilliseconds(wait) * factor;
    const attempt: (typeof retry.attempts)[number] = {
      attempt: String(number),
      wait: `${milliseconds / 1000}s`,
      state: "REPAIR_STATE_PENDING",
    };
    retry.attempts.push(attempt);
    retry.totalAttempts = String(number);
    await pause(context, run, milliseconds, signal);
    attempt.state = "REPAIR_STATE_IN_PROGRESS";
    retryJob(context, rollout, phase.id, job.id);
    await context.running.get(job.jobRun ?? "")?.ended;
    signal.throwIfAborted();
    const succeeded = job.state === "SUCCEEDED";
    attempt.state = succeeded
      ? "REPAIR_STATE_SUCCEEDED"
      : "REPAIR_STATE_FAILED";
    if (succeeded) return true;
  }
  return false;
}

/** Creates a rollout of the last good release. Whether it waits for approval where the target asks for it is not documented. */
function rollBack(
  { context, rollout }: Repair,
  config: NonNullable<RepairPhaseConfig["rollback"]>,
  record: RepairPhase,
): void {
  const { cloud } = context;
  const startingPhaseId = config.destinationPhase ?? "stable";
  const attempt: NonNullable<RepairPhase["rollback"]> = {
    ...config,
    destinationPhase: startingPhaseId,
    state: "REPAIR_STATE_IN_PROGRESS",
  };
  record.rollback = attempt;
  try {
    requireRollbackable(context, rollout, config);
    const { targetId } = rollout;
    const pipeline = pipelineOf(rollout.name);
    const { release } = planRollback(cloud, pipeline, targetId, {});
    attempt.rolloutId = newRolloutId(cloud, release, targetId);
    createRollout(context, {
      release,
      rolloutId: attempt.rolloutId,
      targetId,
      startingPhaseId,
      description: `Rollback of ${rollout.name}`,
      rollbackOfRollout: rollout.name,
      approved: !context.repairsAskApproval(),
    });
    attempt.state = "REPAIR_STATE_SUCCEEDED";
  } catch (error) {
    attempt.state = "REPAIR_STATE_FAILED";
    attempt.stateDesc = error instanceof Error ? error.message : String(error);
    throw error;
  }
}

function requireRollbackable(
  { cloud }: EngineContext,
  rollout: Rollout,
  config: NonNullable<RepairPhaseConfig["rollback"]>,
): void {
  if (rollout.rollbackOfRollout !== undefined) {
    throw new Error("A rollback is not rolled back.");
  }
  const pending = rolloutsOnTarget(cloud, rollout).some(
    ({ state }) => state === "PENDING" || state === "PENDING_APPROVAL",
  );
  if (pending && config.disableRollbackIfRolloutPending === true) {
    throw new Error("Another rollout is pending on the target.");
  }
}
