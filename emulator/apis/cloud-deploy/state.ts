import type { Cloud } from "../../core/cloud.ts";
import type { Slot } from "../../core/states.ts";
import type { AutomationRun, BackoffMode, JobRun, Rollout } from "./rollout.ts";

/** What Cloud Deploy holds. Everything is kept by its full resource name, oldest first. */
export interface DeliveryState {
  pipelines: Map<string, DeliveryPipeline>;
  targets: Map<string, Target>;
  automations: Map<string, Automation>;
  releases: Map<string, StoredRelease>;
  rollouts: Map<string, Rollout>;
  jobRuns: Map<string, JobRun>;
  automationRuns: Map<string, AutomationRun>;
}

const DELIVERY: Slot<DeliveryState> = {
  make: () => ({
    pipelines: new Map(),
    targets: new Map(),
    automations: new Map(),
    releases: new Map(),
    rollouts: new Map(),
    jobRuns: new Map(),
    automationRuns: new Map(),
  }),
};

export function deliveryOf(cloud: Cloud): DeliveryState {
  return cloud.states.of(DELIVERY);
}

/** What every resource has, as Cloud Deploy v1 shows it. */
export interface Resource {
  /** `projects/P/locations/L/…`. */
  name: string;
  uid: string;
  etag: string;
  description?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  createTime: string;
  updateTime: string;
}

export interface DeliveryPipeline extends Resource {
  suspended?: boolean;
  serialPipeline: { stages: Stage[] };
}

export interface Stage {
  targetId: string;
  profiles?: string[];
  strategy?: {
    standard?: PhaseJobs;
    canary?: {
      runtimeConfig?: { cloudRun?: CloudRunConfig };
      canaryDeployment?: { percentages: number[] } & PhaseJobs;
      customCanaryDeployment?: { phaseConfigs: PhaseConfig[] };
    };
  };
  deployParameters?: {
    values: Record<string, string>;
    matchTargetLabels?: Record<string, string>;
  }[];
}

/** The jobs that a phase has beside its deploy job. */
export interface PhaseJobs {
  verify?: boolean;
  /** Custom actions of skaffold.yaml. */
  predeploy?: { actions?: string[] };
}

export interface PhaseConfig extends PhaseJobs {
  phaseId: string;
  /** 0 to 99; the last one, `stable`, has 100. */
  percentage: number;
  profiles?: string[];
}

export interface CloudRunConfig {
  automaticTrafficControl?: boolean;
  canaryRevisionTags?: string[];
  priorRevisionTags?: string[];
  stableRevisionTags?: string[];
}

export type ExecutionUsage = "RENDER" | "DEPLOY" | "VERIFY" | HookUsage;

type HookUsage = "PREDEPLOY" | "POSTDEPLOY";

export interface Target extends Resource {
  targetId: string;
  requireApproval?: boolean;
  /** `projects/P/locations/L`. */
  run?: { location: string };
  deployParameters?: Record<string, string>;
  executionConfigs?: {
    usages: ExecutionUsage[];
    serviceAccount?: string;
    artifactStorage?: string;
    executionTimeout?: string;
    verbose?: boolean;
  }[];
}

export interface Automation extends Resource {
  suspended?: boolean;
  serviceAccount: string;
  selector: { targets: { id?: string; labels?: Record<string, string> }[] };
  rules: AutomationRule[];
}

/** Durations are Google's: `600s`. */
export interface AutomationRule {
  promoteReleaseRule?: {
    id: string;
    wait?: string;
    /** A target, or `@next`. */
    destinationTargetId?: string;
    destinationPhase?: string;
  };
  advanceRolloutRule?: { id: string; wait?: string; sourcePhases?: string[] };
  repairRolloutRule?: {
    id: string;
    phases?: string[];
    jobs?: string[];
    repairPhases: RepairPhaseConfig[];
  };
}

export interface RepairPhaseConfig {
  retry?: { attempts: string; wait?: string; backoffMode?: BackoffMode };
  rollback?: {
    destinationPhase?: string;
    disableRollbackIfRolloutPending?: boolean;
  };
}

export interface Release extends Omit<Resource, "updateTime"> {
  abandoned?: boolean;
  renderState: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  renderStartTime?: string;
  renderEndTime?: string;
  buildArtifacts?: { image?: string; tag?: string }[];
  skaffoldConfigUri?: string;
  skaffoldConfigPath?: string;
  skaffoldVersion?: string;
  deployParameters?: Record<string, string>;
  deliveryPipelineSnapshot: DeliveryPipeline;
  targetSnapshots: Target[];
  /** By target id. */
  targetRenders?: Record<string, TargetRender>;
  /** By target id; of those that rendered. */
  targetArtifacts?: Record<string, TargetArtifact>;
}

export interface TargetRender {
  /** `projects/P/locations/L/builds/UUID`. */
  renderingBuild: string;
  renderingState: Release["renderState"];
  failureCause?: RenderFailure;
  failureMessage?: string;
  metadata?: { cloudRun: { service: string } };
}

export type RenderFailure =
  | "EXECUTION_FAILED"
  | "CLOUD_BUILD_REQUEST_FAILED"
  | "VERIFICATION_CONFIG_NOT_FOUND";

/** Of the stable phase, and of each phase. */
export interface TargetArtifact extends PhaseArtifact {
  /** `gs://…`: the directory of the paths. */
  artifactUri: string;
  phaseArtifacts: Record<string, PhaseArtifact>;
}

export interface PhaseArtifact {
  skaffoldConfigPath: string;
  manifestPath: string;
}

/** A release, and what its render made for each target that did not fail. */
export interface StoredRelease {
  resource: Release;
  /** By target id. */
  rendered: Map<string, RenderedTarget>;
  /** Resolves when the render has ended. */
  renderedAll: Promise<void>;
}

export interface RenderedTarget {
  /** By phase id. */
  phases: Map<string, RenderedPhase>;
  /** Of target, stage and release together. */
  parameters: Record<string, string>;
}

export interface RenderedPhase {
  /** The Cloud Run service, in YAML, parameters substituted. */
  manifest: string;
  /** The verify containers of skaffold.yaml. */
  verify: JobContainer[];
  /** The containers of its custom actions, by the action's name. */
  actions: Map<string, JobContainer[]>;
}

export interface JobContainer {
  name: string;
  image: string;
  command: string[];
  args: string[];
  env: Record<string, string>;
}
