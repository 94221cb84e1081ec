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
  httpRequest: {
    requestMethod: "POST",
    requestUrl: "http://127.0.0.1:4000/v1/chat/completions",
    status: 429,
    userAgent: "",
    remoteIp: "127.0.0.1",
    latency: "0.045s",
    protocol: "HTTP/1.1",
  },
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
    ["severity=warning", true],
    ["severity<warning", false],
    ["severity=ERROR", false],
    ['timestamp>="2026-11-24T06:30:01+01:00"', false],
    ["jsonPayload.status=429", true],
    ["jsonPayload.message:rate", true],
    ['jsonPayload.message="rate limited" AND severity=WARNING', true],
    ['jsonPayload.message:"not \\"rate\\""', false],
    ["logName:stderr", true],
    ["textPayload:*", false],
    ["jsonPayload:*", true],
    ["httpRequest.status>=400 AND httpRequest.status<500", true],
    ["httpRequest.status>=500", false],
    ['(severity>=ERROR OR jsonPayload.message="rate limited")', true],
    ["(severity>=ERROR OR severity=INFO) AND jsonPayload:*", false],
    ["severity=WARNING (severity=INFO OR severity=WARNING)", true],
  ])("%j decides: %j", (filter, expected) => {
    expect(parseFilter(filter)(RECORD)).toBe(expected);
  });

  it.each([
    ["limited", "limited"],
    ['severity=ERROR "no such words"', '"no such words"'],
    ["NOT severity=WARNING", "NOT severity=WARNING"],
    ["-severity=ERROR", "-severity=ERROR"],
    ["severity=(ERROR OR WARNING)", "severity=(ERROR OR WARNING)"],
    ["severity!=ERROR AND textPayload!=x", "severity!=ERROR AND textPayload!="],
    ["severity=ERROR OR severity=WARNING", "OR severity=WARNING"],
    ["jsonPayload.message=~^Rate", "jsonPayload.message=~^Rate"],
    ["jsonPayload.status>=400", "jsonPayload.status>=400"],
    ["severity>=", "severity>="],
    ["(severity=ERROR OR", ""],
    ["(severity=ERROR", ""],
    ["(severity=ERROR AND severity=INFO)", "AND severity=INFO)"],
    ["httpRequest.status>=many", "httpRequest.status>=many"],
    ["severity>=GRAVE", "severity>=GRAVE"],
    ["timestamp>=yesterday", "timestamp>=yesterday"],
    ['severity=ERROR\n"open', '"open'],
  ])("%j is refused, with what is not understood", (filter, rest) => {
    expect(() => parseFilter(filter)).toThrow(
      `does not understand this part of the filter: ${rest}`,
    );
  });
});
