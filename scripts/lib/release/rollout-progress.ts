import type { Job, Phase, Rollout } from "./release-state.ts";

const STATES: Partial<Record<Rollout["state"], string>> = {
  PENDING_RELEASE: "waits until the release is rendered",
  PENDING_APPROVAL: "waits for approval",
  PENDING: "waits for its turn",
  CANCELLING: "is being cancelled",
  CANCELLED: "was cancelled",
  APPROVAL_REJECTED: "was rejected",
  HALTED: "was stopped",
};

/** `was cancelled`; undefined while its phases tell more. */
export function nameState({
  state,
}: Pick<Rollout, "state">): string | undefined {
  return STATES[state];
}

/** What can be told of a rollout now, one line a thing; what was told before is not told again. */
export function describeProgress(rollout: Rollout): string[] {
  const { phases = [], activeRepairAutomationRun } = rollout;
  const whole = nameState(rollout);
  const lines = [
    ...(whole === undefined ? [] : [whole]),
    ...phases.flatMap(describePhase),
    ...(activeRepairAutomationRun === undefined
      ? []
      : ["Cloud Deploy repairs it"]),
  ];
  return lines.map((line) => `${rollout.targetId}: ${line}`);
}

/** In people's words: `canary-10` gives the new revision 10 % of the traffic. */
export function namePhase({ id }: Pick<Phase, "id">): string {
  const percent = /^canary-(\d+)$/.exec(id)?.[1];
  return percent === undefined ? id : `${percent} %`;
}

function describePhase(phase: Phase): string[] {
  const { predeployJob, deployJob, verifyJob } = phase.deploymentJobs ?? {};
  const name = namePhase(phase);
  return [
    ...describeJob(name, "check", predeployJob),
    ...describeJob(name, "deploy", deployJob),
    ...describeJob(name, "verify", verifyJob),
  ];
}

const WORDS = {
  check: { doing: "checking", done: "checked" },
  deploy: { doing: "deploying", done: "deployed" },
  verify: { doing: "verifying", done: "verified" },
};

function describeJob(
  phase: string,
  what: keyof typeof WORDS,
  job: Job | undefined,
): string[] {
  const run = job?.jobRun === undefined ? "" : ` (${lastPart(job.jobRun)})`;
  switch (job?.state) {
    case "IN_PROGRESS":
      return [`${phase}: ${WORDS[what].doing}${run}`];
    case "SUCCEEDED":
      return [`${phase}: ${WORDS[what].done}`];
    case "FAILED":
      return [`${phase}: ${what} failed${run}`];
    case "IGNORED":
      return [`${phase}: ${what} failed and is ignored`];
    default:
      return [];
  }
}

/** Enough of a job run's id to tell a second try from the first. */
function lastPart(name: string): string {
  return name.split("/").at(-1)?.slice(0, 8) ?? name;
}
