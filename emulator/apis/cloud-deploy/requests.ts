import {
  bool,
  enumeration,
  int32,
  int64,
  list,
  map,
  message,
  outputOnly,
  string,
  uncovered,
} from "../../core/message.ts";

/** What every resource has; a client may send back what it read. */
const RESOURCE = {
  name: string,
  uid: outputOnly,
  etag: string,
  description: string,
  labels: map(string),
  annotations: map(string),
  createTime: outputOnly,
  updateTime: outputOnly,
};

/** Which custom actions of skaffold.yaml run before a phase is deployed. */
const HOOKS = {
  predeploy: message({ actions: list(string), tasks: uncovered }),
  postdeploy: uncovered,
  analysis: uncovered,
  verifyConfig: uncovered,
};

const STAGE = message({
  targetId: string,
  profiles: list(string),
  strategy: message({
    standard: message({ verify: bool, ...HOOKS }),
    canary: message({
      runtimeConfig: message({
        kubernetes: uncovered,
        cloudRun: message({
          automaticTrafficControl: bool,
          canaryRevisionTags: list(string),
          priorRevisionTags: list(string),
          stableRevisionTags: list(string),
        }),
      }),
      canaryDeployment: message({
        percentages: list(int32),
        verify: bool,
        ...HOOKS,
      }),
      customCanaryDeployment: message({
        phaseConfigs: list(
          message({
            phaseId: string,
            percentage: int32,
            profiles: list(string),
            verify: bool,
            ...HOOKS,
          }),
        ),
      }),
    }),
  }),
  deployParameters: list(
    message({ values: map(string), matchTargetLabels: map(string) }),
  ),
});

export const PIPELINE = message({
  ...RESOURCE,
  condition: outputOnly,
  suspended: bool,
  serialPipeline: message({ stages: list(STAGE) }),
});

const EXECUTION_CONFIG = message({
  usages: list(
    enumeration("google.cloud.deploy.v1.ExecutionEnvironmentUsage", {
      RENDER: 1,
      DEPLOY: 2,
      VERIFY: 3,
      PREDEPLOY: 4,
      POSTDEPLOY: 5,
    }),
  ),
  serviceAccount: string,
  artifactStorage: string,
  executionTimeout: string,
  verbose: bool,
  defaultPool: uncovered,
  privatePool: uncovered,
  workerPool: uncovered,
});

export const TARGET = message({
  ...RESOURCE,
  targetId: outputOnly,
  requireApproval: bool,
  run: message({ location: string }),
  gke: uncovered,
  anthosCluster: uncovered,
  multiTarget: uncovered,
  customTarget: uncovered,
  associatedEntities: uncovered,
  deployParameters: map(string),
  executionConfigs: list(EXECUTION_CONFIG),
});

const RULE = message({
  promoteReleaseRule: message({
    id: string,
    wait: string,
    destinationTargetId: string,
    destinationPhase: string,
    condition: outputOnly,
  }),
  advanceRolloutRule: message({
    id: string,
    wait: string,
    sourcePhases: list(string),
    condition: outputOnly,
  }),
  repairRolloutRule: message({
    id: string,
    phases: list(string),
    jobs: list(string),
    condition: outputOnly,
    repairPhases: list(
      message({
        retry: message({
          attempts: int64,
          wait: string,
          backoffMode: enumeration("google.cloud.deploy.v1.BackoffMode", {
            BACKOFF_MODE_LINEAR: 1,
            BACKOFF_MODE_EXPONENTIAL: 2,
          }),
        }),
        rollback: message({
          destinationPhase: string,
          disableRollbackIfRolloutPending: bool,
        }),
      }),
    ),
  }),
  timedPromoteReleaseRule: uncovered,
});

export const AUTOMATION = message({
  ...RESOURCE,
  suspended: bool,
  serviceAccount: string,
  selector: message({
    targets: list(message({ id: string, labels: map(string) })),
  }),
  rules: list(RULE),
});

export const RELEASE = message({
  ...RESOURCE,
  buildArtifacts: list(message({ image: string, tag: string })),
  skaffoldConfigUri: string,
  skaffoldConfigPath: string,
  skaffoldVersion: string,
  deployParameters: map(string),
  toolVersions: uncovered,
  abandoned: outputOnly,
  condition: outputOnly,
  renderState: outputOnly,
  renderStartTime: outputOnly,
  renderEndTime: outputOnly,
  deliveryPipelineSnapshot: outputOnly,
  targetSnapshots: outputOnly,
  customTargetTypeSnapshots: outputOnly,
  targetArtifacts: outputOnly,
  targetRenders: outputOnly,
});

export type SentPipeline = NonNullable<ReturnType<typeof PIPELINE.read>>;
export type SentTarget = NonNullable<ReturnType<typeof TARGET.read>>;
export type SentAutomation = NonNullable<ReturnType<typeof AUTOMATION.read>>;
export type SentRelease = NonNullable<ReturnType<typeof RELEASE.read>>;
