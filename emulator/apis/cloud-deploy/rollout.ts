/** Rollouts and what comes of them, member for member as Cloud Deploy v1 shows them, apart from `etag`. */

export interface Rollout {
  /** `projects/P/locations/L/deliveryPipelines/D/releases/R/rollouts/ID`. */
  name: string;
  uid: string;
  description?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  targetId: string;
  createTime: string;
  enqueueTime?: string;
  approveTime?: string;
  deployStartTime?: string;
  deployEndTime?: string;
  approvalState: "NEEDS_APPROVAL" | "DOES_NOT_NEED_APPROVAL" | Verdict;
  state: RolloutState;
  failureReason?: string;
  deployFailureCause?: "EXECUTION_FAILED" | "RELEASE_FAILED";
  phases: Phase[];
  metadata?: {
    cloudRun?: CloudRunMetadata;
    automation?: AutomationMetadata;
  };
  rollbackOfRollout?: string;
  rolledBackByRollouts?: string[];
  activeRepairAutomationRun?: string;
}

type Verdict = "APPROVED" | "REJECTED";

export type RolloutState =
  | "PENDING_RELEASE"
  | "PENDING_APPROVAL"
  | "APPROVAL_REJECTED"
  | "PENDING"
  | "IN_PROGRESS"
  | "SUCCEEDED"
  | "FAILED"
  | "HALTED"
  | "CANCELLED";

interface AutomationMetadata {
  promoteAutomationRun?: string;
  advanceAutomationRuns?: string[];
  repairAutomationRuns?: string[];
}

export interface CloudRunMetadata {
  /** `projects/P/locations/L/services/S`. */
  service: string;
  /** `…/revisions/R`. */
  revision: string;
  serviceUrls: string[];
  previousRevision?: string;
}

export interface Phase {
  /** `canary-10`, `stable`. */
  id: string;
  state: "PENDING" | "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | Stopped;
  skipMessage?: string;
  deploymentJobs: { predeployJob?: Job; deployJob: Job; verifyJob: Job };
}

type Stopped = "ABORTED" | "SKIPPED";

export interface Job {
  id: "predeploy" | "deploy" | "verify";
  /** DISABLED: the phase has no such job. */
  state: Phase["state"] | "IGNORED" | "DISABLED";
  skipMessage?: string;
  /** Name of the latest run. */
  jobRun?: string;
  predeployJob?: { actions: string[] };
  deployJob?: object;
  verifyJob?: object;
}

export interface JobRun {
  /** `…/rollouts/ID/jobRuns/UUID`. */
  name: string;
  uid: string;
  phaseId: string;
  jobId: Job["id"];
  createTime: string;
  startTime: string;
  endTime?: string;
  state: "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "TERMINATED";
  deployJobRun?: JobDetails & { metadata?: { cloudRun: CloudRunMetadata } };
  predeployJobRun?: JobDetails;
  verifyJobRun?: JobDetails;
}

interface JobDetails {
  /** Its id is the label `build_id` of the log entries. */
  build: string;
  failureCause?: "EXECUTION_FAILED" | "VERIFICATION_CONFIG_NOT_FOUND";
  failureMessage?: string;
}

export interface AutomationRun {
  /** `projects/P/locations/L/deliveryPipelines/D/automationRuns/UUID`. */
  name: string;
  uid: string;
  automationId: string;
  ruleId: string;
  /** The target whose rollout set it off. */
  targetId: string;
  serviceAccount: string;
  automationSnapshot: object;
  createTime: string;
  updateTime: string;
  expireTime: string;
  waitUntilTime?: string;
  state: "PENDING" | "IN_PROGRESS" | "SUCCEEDED" | RunFailure;
  stateDescription?: string;
  promoteReleaseOperation?: {
    rollout: string;
    targetId: string;
    phase?: string;
    wait: string;
  };
  advanceRolloutOperation?: {
    rollout: string;
    sourcePhase: string;
    destinationPhase: string;
    wait: string;
  };
  repairRolloutOperation?: RepairOperation;
}

type RunFailure = "FAILED" | "CANCELLED" | "ABORTED";

export interface RepairOperation {
  rollout: string;
  phaseId: string;
  jobId: string;
  currentRepairPhaseIndex: string;
  repairPhases: RepairPhase[];
}

export interface RepairPhase {
  retry?: {
    totalAttempts: string;
    backoffMode: BackoffMode;
    attempts: (RepairAttempt & { attempt: string; wait: string })[];
  };
  rollback?: RepairAttempt & {
    destinationPhase?: string;
    rolloutId?: string;
    disableRollbackIfRolloutPending?: boolean;
  };
}

export type BackoffMode = "BACKOFF_MODE_LINEAR" | "BACKOFF_MODE_EXPONENTIAL";

export interface RepairAttempt {
  state:
    | "REPAIR_STATE_PENDING"
    | "REPAIR_STATE_IN_PROGRESS"
    | "REPAIR_STATE_SUCCEEDED"
    | "REPAIR_STATE_FAILED"
    | "REPAIR_STATE_CANCELLED"
    | "REPAIR_STATE_ABORTED";
  stateDesc?: string;
}
