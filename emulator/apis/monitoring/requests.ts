import {
  type Message,
  bool,
  double,
  enumeration,
  int32,
  list,
  map,
  message,
  outputOnly,
  string,
  uncovered,
} from "../../core/message.ts";

// Fields, enums and their numbers: google/monitoring/v3 (alert.proto, common.proto, notification.proto, uptime.proto).

const CHANNEL_FIELDS = {
  name: outputOnly,
  type: string,
  displayName: string,
  description: string,
  labels: map(string),
  userLabels: map(string),
  enabled: bool,
  verificationStatus: outputOnly,
  creationRecord: outputOnly,
  mutationRecords: outputOnly,
};

const AGGREGATION = message({
  alignmentPeriod: string,
  perSeriesAligner: enumeration("google.monitoring.v3.Aggregation.Aligner", {
    ALIGN_NONE: 0,
    ALIGN_DELTA: 1,
    ALIGN_RATE: 2,
    ALIGN_INTERPOLATE: 3,
    ALIGN_NEXT_OLDER: 4,
    ALIGN_MIN: 10,
    ALIGN_MAX: 11,
    ALIGN_MEAN: 12,
    ALIGN_COUNT: 13,
    ALIGN_SUM: 14,
    ALIGN_STDDEV: 15,
    ALIGN_COUNT_TRUE: 16,
    ALIGN_FRACTION_TRUE: 17,
    ALIGN_PERCENTILE_99: 18,
    ALIGN_PERCENTILE_95: 19,
    ALIGN_PERCENTILE_50: 20,
    ALIGN_PERCENTILE_05: 21,
    ALIGN_PERCENT_CHANGE: 23,
    ALIGN_COUNT_FALSE: 24,
  }),
  crossSeriesReducer: enumeration("google.monitoring.v3.Aggregation.Reducer", {
    REDUCE_NONE: 0,
    REDUCE_MEAN: 1,
    REDUCE_MIN: 2,
    REDUCE_MAX: 3,
    REDUCE_SUM: 4,
    REDUCE_STDDEV: 5,
    REDUCE_COUNT: 6,
    REDUCE_COUNT_TRUE: 7,
    REDUCE_FRACTION_TRUE: 8,
    REDUCE_PERCENTILE_99: 9,
    REDUCE_PERCENTILE_95: 10,
    REDUCE_PERCENTILE_50: 11,
    REDUCE_PERCENTILE_05: 12,
    REDUCE_COUNT_FALSE: 15,
  }),
  groupByFields: list(string),
});

const THRESHOLD_FIELDS = {
  filter: string,
  aggregations: list(AGGREGATION),
  denominatorFilter: string,
  denominatorAggregations: list(AGGREGATION),
  comparison: enumeration("google.monitoring.v3.ComparisonType", {
    COMPARISON_GT: 1,
    COMPARISON_LT: 3,
  }),
  thresholdValue: double,
  duration: string,
  trigger: message({ count: int32, percent: double }),
  evaluationMissingData: uncovered,
  forecastOptions: uncovered,
};

const CONDITION_FIELDS = {
  name: string,
  displayName: string,
  conditionThreshold: message(THRESHOLD_FIELDS),
  conditionAbsent: uncovered,
  conditionMatchedLog: uncovered,
  conditionMonitoringQueryLanguage: uncovered,
  conditionPrometheusQueryLanguage: uncovered,
  conditionSql: uncovered,
};

const POLICY_FIELDS = {
  name: outputOnly,
  displayName: string,
  documentation: message({
    content: string,
    mimeType: string,
    subject: string,
    links: uncovered,
  }),
  userLabels: map(string),
  conditions: list(message(CONDITION_FIELDS)),
  combiner: enumeration(
    "google.monitoring.v3.AlertPolicy.ConditionCombinerType",
    {
      AND: 1,
      OR: 2,
      AND_WITH_MATCHING_RESOURCE: 3,
    },
  ),
  enabled: bool,
  notificationChannels: list(string),
  severity: enumeration("google.monitoring.v3.AlertPolicy.Severity", {
    CRITICAL: 1,
    ERROR: 2,
    WARNING: 3,
  }),
  alertStrategy: uncovered,
  validity: outputOnly,
  creationRecord: outputOnly,
  mutationRecord: outputOnly,
};

const CHECK_FIELDS = {
  name: outputOnly,
  displayName: string,
  period: string,
  timeout: string,
  userLabels: map(string),
  disabled: bool,
  monitoredResource: message({ type: string, labels: map(string) }),
  httpCheck: message({
    path: string,
    port: int32,
    useSsl: bool,
    validateSsl: bool,
    requestMethod: enumeration(
      "google.monitoring.v3.UptimeCheckConfig.HttpCheck.RequestMethod",
      { GET: 1, POST: 2 },
    ),
    contentType: enumeration(
      "google.monitoring.v3.UptimeCheckConfig.HttpCheck.ContentType",
      { TYPE_UNSPECIFIED: 0, URL_ENCODED: 1, USER_PROVIDED: 2 },
    ),
    acceptedResponseStatusCodes: list(
      message({
        statusValue: int32,
        statusClass: enumeration(
          "google.monitoring.v3.UptimeCheckConfig.HttpCheck.ResponseStatusCode.StatusClass",
          {
            STATUS_CLASS_1XX: 100,
            STATUS_CLASS_2XX: 200,
            STATUS_CLASS_3XX: 300,
            STATUS_CLASS_4XX: 400,
            STATUS_CLASS_5XX: 500,
            STATUS_CLASS_ANY: 1000,
          },
        ),
      }),
    ),
    maskHeaders: bool,
    authInfo: uncovered,
    headers: uncovered,
    body: uncovered,
    pingConfig: uncovered,
    customContentType: uncovered,
    serviceAgentAuthentication: uncovered,
  }),
  checkerType: outputOnly,
  tcpCheck: uncovered,
  resourceGroup: uncovered,
  syntheticMonitor: uncovered,
  contentMatchers: uncovered,
  selectedRegions: list(
    enumeration("google.monitoring.v3.UptimeCheckRegion", {
      USA: 1,
      EUROPE: 2,
      SOUTH_AMERICA: 3,
      ASIA_PACIFIC: 4,
      USA_OREGON: 5,
      USA_IOWA: 6,
      USA_VIRGINIA: 7,
    }),
  ),
  logCheckFailures: uncovered,
  isInternal: uncovered,
  internalCheckers: uncovered,
};

export const CHANNEL = message(CHANNEL_FIELDS);
export const POLICY = message(POLICY_FIELDS);
export const CHECK = message(CHECK_FIELDS);

export type SentChannel = Omit<Message<typeof CHANNEL_FIELDS>, "name">;
export type SentPolicy = Omit<Message<typeof POLICY_FIELDS>, "name">;
export type SentCheck = Omit<Message<typeof CHECK_FIELDS>, "name">;
export type SentCondition = Message<typeof CONDITION_FIELDS>;
export type SentThreshold = Message<typeof THRESHOLD_FIELDS>;
