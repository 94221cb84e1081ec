import {
  type Message,
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

const STEP_FIELDS = {
  name: string,
  args: list(string),
  env: list(string),
  dir: string,
  id: string,
  waitFor: list(string),
  entrypoint: string,
  script: string,
  timeout: string,
  allowFailure: bool,
  allowExitCodes: list(int32),
  automapSubstitutions: bool,
  secretEnv: uncovered,
  volumes: uncovered,
  exitCode: outputOnly,
  pullTiming: outputOnly,
  results: outputOnly,
  status: outputOnly,
  timing: outputOnly,
};

export type SentStep = Message<typeof STEP_FIELDS>;

const OPTIONS = message({
  logging: enumeration(
    "google.devtools.cloudbuild.v1.BuildOptions.LoggingMode",
    {
      LOGGING_UNSPECIFIED: 0,
      LEGACY: 1,
      GCS_ONLY: 2,
      STACKDRIVER_ONLY: 3,
      CLOUD_LOGGING_ONLY: 5,
      NONE: 4,
    },
  ),
  machineType: enumeration(
    "google.devtools.cloudbuild.v1.BuildOptions.MachineType",
    {
      UNSPECIFIED: 0,
      N1_HIGHCPU_8: 1,
      N1_HIGHCPU_32: 2,
      E2_HIGHCPU_8: 5,
      E2_HIGHCPU_32: 6,
      E2_MEDIUM: 7,
      E2_STANDARD_2: 11,
    },
  ),
  substitutionOption: enumeration(
    "google.devtools.cloudbuild.v1.BuildOptions.SubstitutionOption",
    { MUST_MATCH: 0, ALLOW_LOOSE: 1 },
  ),
  defaultLogsBucketBehavior: enumeration(
    "google.devtools.cloudbuild.v1.BuildOptions.DefaultLogsBucketBehavior",
    {
      DEFAULT_LOGS_BUCKET_BEHAVIOR_UNSPECIFIED: 0,
      REGIONAL_USER_OWNED_BUCKET: 1,
      LEGACY_BUCKET: 2,
    },
  ),
  automapSubstitutions: bool,
  dynamicSubstitutions: bool,
  diskSizeGb: int64,
  env: list(string),
  requestedVerifyOption: enumeration(
    "google.devtools.cloudbuild.v1.BuildOptions.VerifyOption",
    { NOT_VERIFIED: 0, VERIFIED: 1, BEST_EFFORT: 3 },
  ),
  logStreamingOption: enumeration(
    "google.devtools.cloudbuild.v1.BuildOptions.LogStreamingOption",
    { STREAM_DEFAULT: 0, STREAM_ON: 1, STREAM_OFF: 2 },
  ),
  pool: uncovered,
  pubsubTopic: uncovered,
  secretEnv: uncovered,
  sourceProvenanceHash: uncovered,
  volumes: uncovered,
  workerPool: uncovered,
});

const SOURCE = message({
  storageSource: message({
    bucket: string,
    object: string,
    generation: int64,
    sourceFetcher: enumeration(
      "google.devtools.cloudbuild.v1.StorageSource.SourceFetcher",
      { SOURCE_FETCHER_UNSPECIFIED: 0, GSUTIL: 1, GCS_FETCHER: 2 },
    ),
  }),
  connectedRepository: uncovered,
  developerConnectConfig: uncovered,
  gitSource: uncovered,
  repoSource: uncovered,
  storageSourceManifest: uncovered,
});

const BUILD_FIELDS = {
  steps: list(message(STEP_FIELDS)),
  source: SOURCE,
  substitutions: map(string),
  images: list(string),
  tags: list(string),
  timeout: string,
  queueTtl: string,
  serviceAccount: string,
  logsBucket: string,
  options: OPTIONS,
  artifacts: uncovered,
  availableSecrets: uncovered,
  dependencies: uncovered,
  gitConfig: uncovered,
  secrets: uncovered,
  approval: outputOnly,
  buildTriggerId: outputOnly,
  createTime: outputOnly,
  failureInfo: outputOnly,
  finishTime: outputOnly,
  id: outputOnly,
  logUrl: outputOnly,
  name: outputOnly,
  projectId: outputOnly,
  results: outputOnly,
  sourceProvenance: outputOnly,
  startTime: outputOnly,
  status: outputOnly,
  statusDetail: outputOnly,
  timing: outputOnly,
  warnings: outputOnly,
};

/** What a client, or a build configuration file, may say about a build. */
export const BUILD = message(BUILD_FIELDS);

export type SentBuild = Message<typeof BUILD_FIELDS>;
