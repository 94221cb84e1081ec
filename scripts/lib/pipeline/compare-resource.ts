import type { CloudResource } from "./pipeline-state.ts";
import type { Resource } from "./pipeline-file.ts";

/** What Google fills in where we say nothing. */
const FILLED_IN = [
  "backoffMode",
  "condition",
  "createTime",
  "defaultPool",
  "etag",
  "executionTimeout",
  "name",
  "targetId",
  "uid",
  "updateTime",
];

/** Paths in which what Cloud Deploy holds is not what it is to be: `deployParameters.memory`. */
export function listDifferences(
  resource: Resource,
  actual: CloudResource,
): string[] {
  return compare("", toApi(resource), actual);
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

function compare(path: string, desired: unknown, actual: unknown): string[] {
  if (isEmpty(desired) && isEmpty(actual)) return [];
  if (Array.isArray(desired) && Array.isArray(actual)) {
    if (desired.length !== actual.length) return [path];
    return desired.flatMap((item, index) =>
      compare(`${path}[${String(index)}]`, item, actual[index]),
    );
  }
  if (isObject(desired) && isObject(actual)) {
    const added = Object.keys(actual).filter(
      (key) =>
        !(key in desired) && !FILLED_IN.includes(key) && !isEmpty(actual[key]),
    );
    const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
    return [
      ...Object.keys(desired).flatMap((key) =>
        compare(at(key), desired[key], actual[key]),
      ),
      ...added.map(at),
    ];
  }
  return normalize(desired) === normalize(actual) ? [] : [path];
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
