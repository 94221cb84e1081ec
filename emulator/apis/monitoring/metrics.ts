import { GoogleError } from "../../core/google-error.ts";

interface Metric {
  /** Types of the resources that it is measured on, with the labels of each. */
  resource: readonly [type: string, ...labels: string[]];
  labels: readonly string[];
}

const REVISION = [
  "cloud_run_revision",
  "project_id",
  "location",
  "service_name",
  "revision_name",
  "configuration_name",
] as const;

/** Google's "Google Cloud metrics" and "Monitored resource types", as far as alerts of Cloud Run and Vertex AI need them. */
const METRICS: Readonly<Record<string, Metric>> = {
  "run.googleapis.com/request_count": {
    resource: REVISION,
    labels: ["response_code", "response_code_class"],
  },
  "run.googleapis.com/container/memory/utilizations": {
    resource: REVISION,
    labels: ["container_name"],
  },
  "aiplatform.googleapis.com/publisher/online_serving/model_invocation_count": {
    resource: [
      "aiplatform.googleapis.com/PublisherModel",
      "resource_container",
      "location",
      "publisher",
      "model_user_id",
      "model_version_id",
    ],
    labels: ["response_code", "error_category", "request_type", "method"],
  },
  "monitoring.googleapis.com/uptime_check/check_passed": {
    resource: ["uptime_url", "project_id", "host"],
    labels: ["check_id", "checker_location"],
  },
};

const TERM = /^([\w.]+) ?= ?"([^"]*)"$/;

/** Throws where a condition's filter names no metric, one that is not known, or a label that it does not have. It reads equalities joined by AND. */
export function requireFilter(filter: string): void {
  const terms = new Map(
    filter.split(" AND ").map((term): [string, string] => {
      const [, path, value] = TERM.exec(term.trim()) ?? [];
      if (path !== undefined && value !== undefined) return [path, value];
      throw uncovered(term);
    }),
  );
  const type = terms.get("metric.type");
  if (type === undefined) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      "The supplied filter does not specify a valid combination of metric and monitored resource descriptors.",
    );
  }
  const metric = METRICS[type];
  if (metric === undefined) {
    throw new GoogleError(
      "NOT_FOUND",
      `Cannot find metric(s) that match type = "${type}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`,
    );
  }
  const [resourceType, ...resourceLabels] = metric.resource;
  const known = [
    "metric.type",
    "resource.type",
    ...metric.labels.map((label) => `metric.labels.${label}`),
    ...resourceLabels.map((label) => `resource.labels.${label}`),
  ];
  const wrong = [...terms.keys()].find((path) => !known.includes(path));
  const isOther = (terms.get("resource.type") ?? resourceType) !== resourceType;
  if (wrong === undefined && !isOther) return;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    "The supplied filter does not specify a valid combination of metric and monitored resource descriptors.",
  );
}

function uncovered(term: string): GoogleError {
  return new GoogleError(
    "INVALID_ARGUMENT",
    `The emulated Google Cloud does not understand the filter term ${term}.`,
  );
}
