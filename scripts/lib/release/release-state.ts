/** The parts of Cloud Deploy's v1 resources that releases and rollbacks look at. */

/** What Cloud Deploy may run a release with, as the conditions of a release name it. */
export const TOOLS = [
  "docker",
  "helm",
  "kpt",
  "kubectl",
  "kustomize",
  "skaffold",
] as const;

export interface Release {
  /** `…/deliveryPipelines/D/releases/R`. */
  name: string;
  annotations?: Record<string, string>;
  abandoned?: boolean;
  createTime?: string;
  renderState?: "SUCCEEDED" | "FAILED" | "IN_PROGRESS";
  condition?: {
    skaffoldSupportedCondition?: { skaffoldSupportState?: string };
  } & {
    [Tool in (typeof TOOLS)[number] as `${Tool}VersionSupportedCondition`]?: {
      toolVersionSupportState?: string;
    };
  };
  skaffoldVersion?: string;
  deployParameters?: Record<string, string>;
  /** `gs://…`: the archive that was rendered. */
  skaffoldConfigUri?: string;
  targetSnapshots?: TargetSnapshot[];
  /** By target. */
  targetRenders?: Record<
    string,
    { renderingBuild?: string; failureMessage?: string }
  >;
}

/** A target as it was when the release was made. */
export interface TargetSnapshot {
  /** `…/targets/T`. */
  name: string;
  requireApproval?: boolean;
  deployParameters?: Record<string, string>;
}

export interface Rollout {
  /** `…/releases/R/rollouts/ID`. */
  name: string;
  targetId: string;
  annotations?: Record<string, string>;
  state: RolloutState;
  createTime?: string;
  deployStartTime?: string;
  deployEndTime?: string;
  failureReason?: string;
  deployFailureCause?: string;
  phases?: Phase[];
  rolledBackByRollouts?: string[];
  activeRepairAutomationRun?: string;
  metadata?: {
    cloudRun?: { service?: string; revision?: string };
    automation?: { repairAutomationRuns?: string[] };
  };
}

export type RolloutState =
  | "PENDING_RELEASE"
  | "PENDING_APPROVAL"
  | "APPROVAL_REJECTED"
  | "PENDING"
  | "IN_PROGRESS"
  | "SUCCEEDED"
  | "FAILED"
  | "HALTED"
  | "CANCELLING"
  | "CANCELLED";

export interface Phase {
  /** `canary-10`, `stable`. */
  id: string;
  state: "PENDING" | "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | Stopped;
  deploymentJobs?: { predeployJob?: Job; deployJob?: Job; verifyJob?: Job };
}

type Stopped = "ABORTED" | "SKIPPED";

export interface Job {
  id: string;
  state: Phase["state"] | "DISABLED" | "IGNORED";
  /** Name of the latest run. */
  jobRun?: string;
}

export interface JobRun {
  name: string;
  state: string;
  predeployJobRun?: JobFailure;
  deployJobRun?: JobFailure;
  verifyJobRun?: JobFailure;
}

interface JobFailure {
  /** `projects/P/locations/L/builds/ID`. */
  build?: string;
  failureCause?: string;
  failureMessage?: string;
}

export interface AutomationRun {
  name: string;
  automationId: string;
  targetId: string;
  state: string;
  waitUntilTime?: string;
  promoteReleaseOperation?: { rollout?: string; targetId?: string };
  advanceRolloutOperation?: { rollout?: string };
  repairRolloutOperation?: { rollout?: string };
}

/** Whether an automation acts because of a rollout. */
export function isBecauseOf(
  run: AutomationRun,
  rollout: Pick<Rollout, "name">,
): boolean {
  const operation =
    run.promoteReleaseOperation ??
    run.advanceRolloutOperation ??
    run.repairRolloutOperation;
  // Google names a project by its id here and by its number there.
  const [, id] = rollout.name.split("/deliveryPipelines/");
  return (
    operation?.rollout?.endsWith(`/deliveryPipelines/${id ?? ""}`) === true
  );
}

/** The release that a rollout is of. */
export function releaseOf({ name }: Pick<Rollout, "name">): string {
  return name.split("/").at(-3) ?? name;
}

/** Whether a rollout is under way, or will be without anybody's help. */
export function isUnderWay({ state }: Pick<Rollout, "state">): boolean {
  return ["PENDING_RELEASE", "PENDING", "IN_PROGRESS"].includes(state);
}

/** Whether each of its phases that ran was verified. A job that was ignored verified nothing. */
export function isVerified({ state, phases = [] }: Rollout): boolean {
  const ran = phases.filter((phase) => phase.state !== "SKIPPED");
  return (
    state === "SUCCEEDED" &&
    ran.length > 0 &&
    ran.every((p) => p.deploymentJobs?.verifyJob?.state === "SUCCEEDED")
  );
}

/** What a target has now: its last rollout that succeeded. */
export function findCurrent(rollouts: readonly Rollout[]): Rollout | undefined {
  return rollouts
    .filter(({ state }) => state === "SUCCEEDED")
    .toSorted((a, b) =>
      (b.deployEndTime ?? "").localeCompare(a.deployEndTime ?? ""),
    )[0];
}
