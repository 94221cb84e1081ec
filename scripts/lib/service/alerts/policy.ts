import type { UserLabels } from "../../google/commands/monitoring.ts";
import type { Settings } from "../../settings/settings.ts";
import { labelsOf, nameOf } from "./labels.ts";

/** What is watched; the value of the label `alert`. */
export type AlertKind = "errors" | "too-many-requests" | "memory" | "uptime";

/** A policy as the Monitoring API has it, as far as it is written here. */
export interface AlertPolicy {
  displayName: string;
  combiner: "AND" | "OR";
  severity: "ERROR" | "WARNING" | "CRITICAL";
  enabled: true;
  conditions: Condition[];
  documentation: { content: string; mimeType: "text/markdown" };
  userLabels: UserLabels;
}

interface Condition {
  displayName: string;
  conditionThreshold: object;
}

/** `conditions`: by what is displayed of each; all at once, where there are several. */
export function toPolicy(
  settings: Settings,
  kind: AlertKind,
  of: Pick<AlertPolicy, "severity"> & {
    title: string;
    why: string;
    look: string;
    conditions: Record<string, object>;
  },
): AlertPolicy {
  return {
    displayName: `${nameOf(settings)}: ${of.title}`,
    combiner: "AND",
    severity: of.severity,
    enabled: true,
    conditions: Object.entries(of.conditions).map(
      ([displayName, conditionThreshold]) => ({
        displayName,
        conditionThreshold,
      }),
    ),
    documentation: {
      content: `${of.why} ${of.look}`,
      mimeType: "text/markdown",
    },
    userLabels: { ...labelsOf(settings), alert: kind },
  };
}

/** A filter on what one service does. */
export function ofService(
  { service, region }: Settings,
  metric: string,
  ...more: string[]
): string {
  return join(
    `metric.type = "${metric}"`,
    'resource.type = "cloud_run_revision"',
    `resource.labels.service_name = "${service}"`,
    `resource.labels.location = "${region}"`,
    ...more,
  );
}

export function join(...terms: string[]): string {
  return terms.join(" AND ");
}

export function sumOver(seconds: number): object {
  return {
    alignmentPeriod: `${String(seconds)}s`,
    perSeriesAligner: "ALIGN_SUM",
    crossSeriesReducer: "REDUCE_SUM",
  };
}

/** `seconds`: for how long. */
export function above(thresholdValue: number, seconds: number): object {
  return {
    comparison: "COMPARISON_GT",
    thresholdValue,
    duration: `${String(seconds)}s`,
  };
}
