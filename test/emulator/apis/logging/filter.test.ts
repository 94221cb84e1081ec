import { describe, expect, it } from "vitest";
import { parseFilter } from "../../../../emulator/apis/logging/filter.ts";
import type { LogRecord } from "../../../../emulator/core/log-record.ts";

const RECORD: LogRecord = {
  insertId: "1",
  logName: "projects/p/logs/run.googleapis.com%2Fstderr",
  resource: {
    type: "cloud_run_revision",
    labels: { service_name: "litellm-proxy", location: "us-central1" },
  },
  timestamp: "2026-11-24T05:30:00.000000Z",
  receiveTimestamp: "2026-11-24T05:30:00.000000Z",
  severity: "WARNING",
  jsonPayload: { message: "Rate limited", status: 429 },
};

describe("a filter of log entries", () => {
  it.each([
    ["", true],
    // As `gcloud run services logs read` writes it.
    [
      'resource.type = cloud_run_revision \n AND resource.labels.service_name = litellm-proxy \n AND severity >= DEFAULT \n AND timestamp>="2026-11-23T05:45:43.635143Z"',
      true,
    ],
    ["resource.type=cloud_run_revision severity>=ERROR", false],
    ["severity>=WARNING", true],
    ["severity<warning", false],
    ['timestamp>"2026-11-24T06:30:00+01:00"', false],
    ["jsonPayload.status>=400", true],
    ["jsonPayload.status=429", true],
    ["jsonPayload.message:rate", true],
    ["jsonPayload.message=~^Rate", true],
    ["jsonPayload.message!~^Rate", false],
    ["textPayload:*", false],
    ["jsonPayload:*", true],
    ["limited", true],
    ['"no such words"', false],
    ["NOT severity=WARNING", false],
    ["-severity=ERROR", true],
    ["severity=(ERROR OR WARNING)", true],
    ["severity!=ERROR AND textPayload!=x", true],
    // OR binds tighter than AND.
    ["severity=ERROR AND limited OR limited", false],
    ["(severity=ERROR AND limited) OR limited", true],
  ])("%j decides: %j", (filter, expected) => {
    expect(parseFilter(filter)(RECORD)).toBe(expected);
  });

  it.each([
    ["severity>=", "line 1, column 11, token ''"],
    ["(limited", "line 1, column 9, token ''"],
    ["limited )", "line 1, column 9, token ')'"],
    ['severity=ERROR\n"open', "line 2, column 1, token '\"open'"],
  ])("%j is refused with the place of the error", (filter, place) => {
    expect(() => parseFilter(filter)).toThrow(
      `Unparseable filter: syntax error at ${place}`,
    );
  });
});
