import {
  bool,
  enumeration,
  list,
  map,
  message,
  outputOnly,
  string,
  uncovered,
} from "../../core/message.ts";

/** What a client may say about a repository. */
export const REPOSITORY = message({
  name: string,
  format: enumeration("google.devtools.artifactregistry.v1.Repository.Format", [
    "FORMAT_UNSPECIFIED",
    "DOCKER",
    "MAVEN",
    "NPM",
    "APT",
    "YUM",
    "GOOGET",
    "PYTHON",
    "KFP",
    "GO",
    "GENERIC",
    "RUBY",
  ]),
  description: string,
  labels: map(string),
  dockerConfig: message({ immutableTags: bool }),
  mode: enumeration("google.devtools.artifactregistry.v1.Repository.Mode", [
    "MODE_UNSPECIFIED",
    "STANDARD_REPOSITORY",
  ]),
  cleanupPolicies: uncovered,
  cleanupPolicyDryRun: uncovered,
  kmsKeyName: uncovered,
  mavenConfig: uncovered,
  remoteRepositoryConfig: uncovered,
  virtualRepositoryConfig: uncovered,
  vulnerabilityScanningConfig: uncovered,
  createTime: outputOnly,
  registryUri: outputOnly,
  satisfiesPzi: outputOnly,
  satisfiesPzs: outputOnly,
  sizeBytes: outputOnly,
  updateTime: outputOnly,
});

export const TEST_IAM_PERMISSIONS = message({ permissions: list(string) });
