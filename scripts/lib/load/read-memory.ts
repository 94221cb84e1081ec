import { ApiError } from "../google/api-error.ts";
import type { ReadApi } from "../google/rest.ts";
import type { ServiceId } from "../google/places.ts";

/** The most memory of a run, as a share of MEMORY: the highest 99th percentile of its minutes. */
export type Memory = { peak: number; minutes: number } | { unknown: string };

interface TimeSeries {
  timeSeries?: { points?: { value?: { doubleValue?: number } }[] }[];
}

/** Reads Cloud Monitoring's metric of the time between two (ISO 8601). What cannot be read is not known. */
export async function readMemory(
  read: ReadApi,
  { projectId, region, service }: ServiceId,
  startTime: string,
  endTime: string,
): Promise<Memory> {
  const query = new URLSearchParams({
    filter: [
      'metric.type="run.googleapis.com/container/memory/utilizations"',
      'resource.type="cloud_run_revision"',
      `resource.labels.service_name="${service}"`,
      `resource.labels.location="${region}"`,
    ].join(" AND "),
    "interval.startTime": startTime,
    "interval.endTime": endTime,
    "aggregation.alignmentPeriod": "60s",
    "aggregation.perSeriesAligner": "ALIGN_PERCENTILE_99",
    "aggregation.crossSeriesReducer": "REDUCE_MAX",
  });
  try {
    const path = `v3/projects/${projectId}/timeSeries?${query.toString()}`;
    const answer = (await read({ api: "monitoring", path })) as
      TimeSeries | undefined;
    return toMemory(answer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { unknown: `${error.message} (roles/monitoring.viewer)` };
  }
}

/** Undefined: the API is not enabled. */
export function toMemory(answer: TimeSeries | undefined): Memory {
  if (answer === undefined) {
    return { unknown: "monitoring.googleapis.com is not enabled" };
  }
  const points = (answer.timeSeries ?? []).flatMap(({ points: some }) =>
    (some ?? []).flatMap(({ value }) => value?.doubleValue ?? []),
  );
  if (points.length === 0) {
    return {
      unknown:
        "Cloud Monitoring has no figure of that time yet; it shows them minutes later, so a longer run has some",
    };
  }
  return { peak: Math.max(...points), minutes: points.length };
}
