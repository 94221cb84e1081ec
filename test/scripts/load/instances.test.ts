import { expect, test } from "vitest";
import {
  countInstances,
  describeInstances,
} from "../../../scripts/lib/load/instances.ts";
import type { LogEntry } from "../../../scripts/lib/logs/entry.ts";

const line = (more: Partial<LogEntry>): LogEntry => ({
  insertId: "1",
  timestamp: "2026-11-28T12:00:00Z",
  ...more,
});

const request = (instanceId?: string, userAgent = "litellm-cloudrun-load") =>
  line({
    httpRequest: { status: 200, userAgent },
    ...(instanceId !== undefined && { labels: { instanceId } }),
  });

test("instances are those that the request log names for our calls", () => {
  const instances = countInstances([
    line({
      textPayload: "Starting new instance. Reason: AUTOSCALING - Instance …",
      labels: { instanceId: "b" },
    }),
    line({ textPayload: "Default STARTUP TCP probe succeeded" }),
    line({
      textPayload: "Starting new instance. Reason: DEPLOYMENT_ROLLOUT - …",
    }),
    ...[request("a"), request("b"), request("b")],
    // Refused before any instance had it.
    request(),
    request("c", "curl/8"),
  ]);
  expect(instances).toEqual({ answered: 2, started: 1, calls: 4, others: 1 });
  expect(describeInstances(instances)).toBe(
    "2 instances answered; cold starts: 1 (by the log of 4 calls; others sent 1 requests meanwhile).",
  );
});

test("of a log that names no instance, or has no call, nothing is claimed", () => {
  expect(countInstances([request(), request()])).toEqual({
    unknown: "the log does not name the instances of these calls",
  });
  expect(countInstances([request("c", "curl/8")])).toEqual({
    unknown: "the log has none of these calls",
  });
});
