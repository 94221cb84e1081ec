import {
  type Message,
  bool,
  enumeration,
  list,
  map,
  message,
  outputOnly,
  string,
  uncovered,
} from "../../core/message.ts";

const PUSH = message({ branch: string, tag: string, invertRegex: bool });

const PULL_REQUEST = message({
  branch: string,
  invertRegex: bool,
  commentControl: enumeration(
    "google.devtools.cloudbuild.v1.PullRequestFilter.CommentControl",
    {
      COMMENTS_DISABLED: 0,
      COMMENTS_ENABLED: 1,
      COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY: 2,
    },
  ),
});

const TRIGGER_FIELDS = {
  name: string,
  description: string,
  tags: list(string),
  filename: string,
  disabled: bool,
  substitutions: map(string),
  serviceAccount: string,
  includedFiles: list(string),
  ignoredFiles: list(string),
  includeBuildLogs: enumeration(
    "google.devtools.cloudbuild.v1.BuildTrigger.IncludeBuildLogs",
    { INCLUDE_BUILD_LOGS_UNSPECIFIED: 0, INCLUDE_BUILD_LOGS_WITH_STATUS: 1 },
  ),
  filter: string,
  repositoryEventConfig: message({
    repository: string,
    push: PUSH,
    pullRequest: PULL_REQUEST,
    repositoryType: outputOnly,
  }),
  github: message({
    owner: string,
    name: string,
    push: PUSH,
    pullRequest: PULL_REQUEST,
    enterpriseConfigResourceName: uncovered,
    installationId: outputOnly,
  }),
  approvalConfig: message({ approvalRequired: bool }),
  autodetect: uncovered,
  bitbucketServerTriggerConfig: uncovered,
  build: uncovered,
  developerConnectEventConfig: uncovered,
  gitFileSource: uncovered,
  pubsubConfig: uncovered,
  sourceToBuild: uncovered,
  triggerTemplate: uncovered,
  webhookConfig: uncovered,
  createTime: outputOnly,
  eventType: outputOnly,
  id: outputOnly,
  resourceName: outputOnly,
};

/** What a client may say about a trigger. */
export const TRIGGER = message(TRIGGER_FIELDS);

export type SentTrigger = Message<typeof TRIGGER_FIELDS>;
