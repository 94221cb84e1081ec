import type { CloudResource } from "./pipeline-state.ts";
import type { Resource } from "./pipeline-file.ts";

/**
 * What somebody can have set and `gcloud deploy apply` takes away again, by its
 * last name. Whatever else Google answers beside what was sent is Google's own.
 */
const SETTABLE = [
  "actions",
  "analysis",
  "annotations",
  "anthosCluster",
  "artifactStorage",
  "canaryRevisionTags",
  "customCanaryDeployment",
  "customTarget",
  "deployParameters",
  "destinationPhase",
  "disableRollbackIfRolloutPending",
  "gke",
  "id",
  "jobs",
  "labels",
  "matchTargetLabels",
  "multiTarget",
  "phases",
  "postdeploy",
  "predeploy",
  "priorRevisionTags",
  "privatePool",
  "profiles",
  "requireApproval",
  "retry",
  "rollback",
  "sourcePhases",
  "stableRevisionTags",
  "standard",
  "suspended",
  "timedPromoteReleaseRule",
  "verify",
  "verifyConfig",
  "workerPool",
];

/** Maps whose keys are somebody's own. */
const MAPS = ["annotations", "deployParameters", "labels", "values"];

/** One field in which what Cloud Deploy holds is not what it is to be. */
export interface ResourceDifference {
  /** `deployParameters.memory`. */
  path: string;
  /** Undefined: it is not set. */
  actual: unknown;
  desired: unknown;
}

export function listDifferences(
  resource: Resource,
  actual: CloudResource,
): ResourceDifference[] {
  return compare("", toApi(resource), actual, (path, key) =>
    MAPS.some((map) => path === map || path.endsWith(`.${map}`))
      ? true
      : SETTABLE.includes(key),
  );
}

/** What was sent and is not there. What Google adds is no difference. */
export function listMissing(
  resource: Resource,
  actual: CloudResource,
): ResourceDifference[] {
  return compare("", toApi(resource), actual, () => false);
}

/** The resource as gcloud sends it: what stands in metadata comes up, durations are in seconds. */
function toApi(resource: Resource): Record<string, unknown> {
  const { metadata, ...fields } = resource;
  const { labels, annotations } = metadata;
  const body = Object.entries({ ...fields, labels, annotations }).filter(
    ([field]) => field !== "apiVersion" && field !== "kind",
  );
  return Object.fromEntries(body);
}

/** `counts`: whether what is there and was not asked for is a difference. */
function compare(
  path: string,
  desired: unknown,
  actual: unknown,
  counts: (path: string, key: string) => boolean,
): ResourceDifference[] {
  if (isEmpty(desired) && isEmpty(actual)) return [];
  if (Array.isArray(desired) && Array.isArray(actual)) {
    if (desired.length !== actual.length) return [{ path, desired, actual }];
    return desired.flatMap((item, index) =>
      compare(`${path}[${String(index)}]`, item, actual[index], counts),
    );
  }
  if (isObject(desired) && isObject(actual)) {
    const added = Object.keys(actual).filter(
      (key) => !(key in desired) && !isEmpty(actual[key]) && counts(path, key),
    );
    const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
    return [
      ...Object.keys(desired).flatMap((key) =>
        compare(at(key), desired[key], actual[key], counts),
      ),
      ...added.map((key) => ({
        path: at(key),
        desired: undefined,
        actual: actual[key],
      })),
    ];
  }
  return normalize(desired) === normalize(actual)
    ? []
    : [{ path, desired, actual }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What Google leaves out of an answer. `{}` is kept: a rollback is one. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    value === 0 ||
    value === "" ||
    value === "0s" ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Numbers come back as strings, `5m` as `300s`. */
function normalize(value: unknown): string {
  const text = String(value);
  const minutes = /^(\d+)m$/.exec(text)?.[1];
  return minutes === undefined ? text : `${String(Number(minutes) * 60)}s`;
}
