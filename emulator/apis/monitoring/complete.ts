import type { Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { requireFilter } from "./metrics.ts";
import type {
  SentChannel,
  SentCheck,
  SentCondition,
  SentPolicy,
  SentThreshold,
} from "./requests.ts";
import { type Kept, monitoringOf } from "./state.ts";

/** "Each key and value … only lowercase letters, numerals, underscores, and dashes. Keys must begin with a letter." (discovery document) */
const LABEL_KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const LABEL_VALUE = /^[a-z0-9_-]{0,63}$/;

const PERIODS = ["60s", "300s", "600s", "900s"];

/** A channel for mail; Google has other types too. */
export function completeChannel(sent: Kept<SentChannel>): Kept<SentChannel> {
  requireLabels(sent.userLabels);
  if (sent.type !== "email") {
    throw invalid(
      `The emulated Google Cloud has no notification channels of type "${sent.type ?? ""}", only "email".`,
    );
  }
  if (!/^[^@\s]+@[^@\s]+$/.test(sent.labels?.email_address ?? "")) {
    throw invalid(
      "Field \"notificationChannel.labels['email_address']\" must be an email address.",
    );
  }
  return { ...sent, enabled: sent.enabled ?? true };
}

export function completePolicy(
  sent: Kept<SentPolicy>,
  project: Project,
): Kept<SentPolicy> {
  requireLabels(sent.userLabels);
  const { conditions = [], notificationChannels = [] } = sent;
  if (conditions.length < 1 || conditions.length > 6) {
    throw invalid(
      "Field alert_policy.conditions must have between 1 and 6 elements.",
    );
  }
  if (sent.combiner === undefined) {
    throw invalid(
      "Field alert_policy.combiner had an invalid value of COMBINE_UNSPECIFIED.",
    );
  }
  for (const { conditionThreshold } of conditions) {
    requireThreshold(conditionThreshold);
  }
  const { channels } = monitoringOf(project);
  const missing = notificationChannels.find((name) => !channels.has(name));
  if (missing !== undefined) {
    throw new GoogleError(
      "NOT_FOUND",
      `Notification channel ${missing} was not found.`,
    );
  }
  return {
    ...sent,
    enabled: sent.enabled ?? true,
    conditions: conditions.map((condition): SentCondition => ({
      ...condition,
      name: condition.name ?? `${sent.name}/conditions/${crypto.randomUUID()}`,
    })),
  };
}

export function completeCheck(
  sent: Kept<SentCheck>,
  _project: Project,
  before?: Kept<SentCheck>,
): Kept<SentCheck> {
  requireLabels(sent.userLabels);
  const { period = "60s", timeout = "", monitoredResource } = sent;
  if (!PERIODS.includes(period)) {
    throw invalid(
      `Field uptime_check_config.period had an invalid value of "${period}".`,
    );
  }
  const seconds = Number(/^(\d+)s$/.exec(timeout)?.[1] ?? 0);
  if (seconds < 1 || seconds > 60) {
    throw invalid(
      `Field uptime_check_config.timeout had an invalid value of "${timeout}": it must be between 1 and 60 seconds.`,
    );
  }
  if (
    monitoredResource?.type !== "uptime_url" ||
    !monitoredResource.labels?.host
  ) {
    throw invalid(
      "The emulated Google Cloud has uptime checks of uptime_url with a host only.",
    );
  }
  const host = before?.monitoredResource?.labels?.host;
  if (host !== undefined && host !== monitoredResource.labels.host) {
    throw invalid(
      "Field uptime_check_config.monitored_resource cannot be changed.",
    );
  }
  return { ...sent, period };
}

/** A channel that policies name goes only with `force`, and then from them too (discovery document). */
export function letChannelGo(
  name: string,
  project: Project,
  force: boolean,
): void {
  const { policies } = monitoringOf(project);
  const naming = [...policies.values()].filter((policy) =>
    policy.notificationChannels?.includes(name),
  );
  if (naming.length > 0 && !force) {
    throw new GoogleError(
      "FAILED_PRECONDITION",
      `Cannot delete notification channel ${name}: it is referenced by alert policies.`,
    );
  }
  for (const policy of naming) {
    policy.notificationChannels = (policy.notificationChannels ?? []).filter(
      (one) => one !== name,
    );
  }
}

function requireThreshold(threshold: SentThreshold | undefined): void {
  if (threshold === undefined) {
    throw invalid(
      "Field alert_policy.conditions[0] must have a condition type.",
    );
  }
  const { filter = "", denominatorFilter, duration = "" } = threshold;
  requireFilter(filter);
  if (denominatorFilter !== undefined) requireFilter(denominatorFilter);
  const minutes = Number(/^(\d+)s$/.exec(duration)?.[1] ?? NaN) / 60;
  if (!Number.isInteger(minutes)) {
    throw invalid(
      `Field alert_policy.conditions[0].condition_threshold.duration had an invalid value of "${duration}": it must be a multiple of a minute.`,
    );
  }
  if (threshold.comparison === undefined) {
    throw invalid(
      "Field alert_policy.conditions[0].condition_threshold.comparison had an invalid value of COMPARISON_UNSPECIFIED.",
    );
  }
  const { aggregations = [], denominatorAggregations = [] } = threshold;
  for (const { alignmentPeriod = "" } of [
    ...aggregations,
    ...denominatorAggregations,
  ]) {
    const seconds = Number(/^(\d+)s$/.exec(alignmentPeriod)?.[1] ?? 0);
    if (seconds < 60) {
      throw invalid(
        `Field aggregation.alignmentPeriod had an invalid value of "${alignmentPeriod}": it must be at least 60 seconds.`,
      );
    }
  }
}

function requireLabels(labels: Record<string, string> = {}): void {
  for (const [key, value] of Object.entries(labels)) {
    if (LABEL_KEY.test(key) && LABEL_VALUE.test(value)) continue;
    throw invalid(`Field user_labels had an invalid label "${key}: ${value}".`);
  }
}

function invalid(text: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", text);
}
