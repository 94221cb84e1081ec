import type { Settings } from "../../settings/settings.ts";
import {
  type AlertKind,
  type AlertPolicy,
  above,
  join,
  ofService,
  sumOver,
  toPolicy,
} from "./policy.ts";

/** When each alert comes, and why not earlier or later. docs/alerts.md has the same table. */
const THRESHOLDS = {
  /** Share of all answers: LiteLLM tries again and falls back by itself, so what is left is more than a model's bad moment. */
  errors: 0.05,
  /** Answers: where hardly anybody calls, one of them is a large share already. */
  errorsAtLeast: 5,
  /** Refusals: single ones are tried again, and pass. */
  tooManyRequests: 10,
  /** Share of MEMORY: Cloud Run ends an instance that goes beyond 1. */
  memory: 0.9,
  /** Locations of Google's: one alone may have a bad network of its own. */
  failingLocations: 1,
};

/** Seconds over which answers are counted: a shorter time makes alerts of single ones. */
const WINDOW = 300;

/** Seconds for which memory stays that high: a single large request passes. */
const LASTING = 300;

/** Seconds that the last answer of a location counts: longer than the longest period of a check, 15 minutes. */
const CHECK_WINDOW = 1200;

const REQUESTS = "run.googleapis.com/request_count";

/** The policies of a service. `host`: what an uptime check asks; undefined: there is none. */
export function listPolicies(
  settings: Settings,
  host: string | undefined,
): [AlertKind, AlertPolicy][] {
  return [
    ["errors", watchErrors(settings)],
    ["too-many-requests", watchRefusals(settings)],
    ["memory", watchMemory(settings)],
    ...(host === undefined
      ? []
      : [["uptime", watchUptime(settings, host)] as [AlertKind, AlertPolicy]]),
  ];
}

function watchErrors(settings: Settings): AlertPolicy {
  const failed = ofService(
    settings,
    REQUESTS,
    'metric.labels.response_code_class = "5xx"',
  );
  const sum = [sumOver(WINDOW)];
  const share = `${String(THRESHOLDS.errors * 100)} %`;
  return toPolicy(settings, "errors", {
    title: "server errors",
    severity: "ERROR",
    why: `More than ${share} of the answers in five minutes were 5xx, and at least ${String(THRESHOLDS.errorsAtLeast)}.`,
    look: "scripts/logs.ts shows them; scripts/verify.ts asks every model.",
    conditions: {
      [`more than ${share} of the answers are 5xx`]: {
        filter: failed,
        aggregations: sum,
        denominatorFilter: ofService(settings, REQUESTS),
        denominatorAggregations: sum,
        ...above(THRESHOLDS.errors, 0),
      },
      [`at least ${String(THRESHOLDS.errorsAtLeast)} answers are 5xx`]: {
        filter: failed,
        aggregations: sum,
        ...above(THRESHOLDS.errorsAtLeast - 1, 0),
      },
    },
  });
}

/** Vertex AI's own count, which has no service: it is that of the project. With a key of the Gemini API, what the service answered. */
function watchRefusals(settings: Settings): AlertPolicy {
  const refused = 'metric.labels.response_code = "429"';
  const isVertex = settings.mode === "vertex";
  const filter = isVertex
    ? join(
        'metric.type = "aiplatform.googleapis.com/publisher/online_serving/model_invocation_count"',
        'resource.type = "aiplatform.googleapis.com/PublisherModel"',
        refused,
      )
    : ofService(settings, REQUESTS, refused);
  const whose = isVertex ? "Vertex AI in this project" : "this service";
  return toPolicy(settings, "too-many-requests", {
    title: "too many requests",
    severity: "WARNING",
    why: `More than ${String(THRESHOLDS.tooManyRequests)} answers of ${whose} in five minutes were 429.`,
    look: "A quota is used up: other models as fallbacks, another location, or a higher quota.",
    conditions: {
      [`more than ${String(THRESHOLDS.tooManyRequests)} answers are 429`]: {
        filter,
        aggregations: [sumOver(WINDOW)],
        ...above(THRESHOLDS.tooManyRequests, 0),
      },
    },
  });
}

function watchMemory(settings: Settings): AlertPolicy {
  const share = `${String(THRESHOLDS.memory * 100)} %`;
  return toPolicy(settings, "memory", {
    title: "memory",
    severity: "WARNING",
    why: `An instance had more than ${share} of MEMORY for five minutes. Cloud Run ends one that goes beyond it.`,
    look: "MEMORY in the env file; scripts/load.ts proposes a size.",
    conditions: {
      [`an instance has more than ${share} of its memory`]: {
        filter: ofService(
          settings,
          "run.googleapis.com/container/memory/utilizations",
        ),
        aggregations: [
          {
            alignmentPeriod: "60s",
            perSeriesAligner: "ALIGN_PERCENTILE_99",
            crossSeriesReducer: "REDUCE_MAX",
          },
        ],
        ...above(THRESHOLDS.memory, LASTING),
      },
    },
  });
}

function watchUptime(settings: Settings, host: string): AlertPolicy {
  return toPolicy(settings, "uptime", {
    title: "not reachable",
    severity: "CRITICAL",
    why: `The service does not answer more than one of the locations that Google asks it from (https://${host}).`,
    look: "scripts/status.ts and scripts/doctor.ts say what is wrong.",
    conditions: {
      "more than one location gets no answer": {
        filter: join(
          'metric.type = "monitoring.googleapis.com/uptime_check/check_passed"',
          'resource.type = "uptime_url"',
          `resource.labels.host = "${host}"`,
        ),
        aggregations: [
          {
            alignmentPeriod: `${String(CHECK_WINDOW)}s`,
            perSeriesAligner: "ALIGN_NEXT_OLDER",
            crossSeriesReducer: "REDUCE_COUNT_FALSE",
            groupByFields: ["resource.label.host"],
          },
        ],
        ...above(THRESHOLDS.failingLocations, 60),
      },
    },
  });
}
