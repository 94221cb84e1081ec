import { describe, expect, test } from "vitest";
import type { Call } from "../../../scripts/lib/load/call.ts";
import {
  type Measurement,
  measure,
} from "../../../scripts/lib/load/measurement.ts";
import {
  type ProposalInput,
  describeProposal,
  proposeSizes,
} from "../../../scripts/lib/load/propose.ts";
import { toMemory } from "../../../scripts/lib/load/read-memory.ts";
import { sizesOf } from "../../../scripts/lib/load/sizes.ts";
import { SUBJECT } from "./subject.ts";

const AROUND = { began: "2026-11-28T12:00:00.000Z", clientBusy: 0.1 };

/** Ten calls a second for a minute, each two seconds long. */
function measured(
  more: Partial<Measurement> = {},
  run: { taken?: number; failures?: number } = {},
): Measurement {
  const failure = { kind: "quota", status: 429, words: "no" } as const;
  const calls = Array.from({ length: 600 }, (_, index): Call => {
    const due = index * 100;
    const call = { due, started: due, ended: due + 2000 };
    return index < (run.failures ?? 0) ? { ...call, failure } : call;
  });
  const state = { taken: run.taken ?? 600, inFlight: 0, gaveUp: false };
  const load = { ...state, calls, now: () => 0, done: Promise.resolve() };
  const bounds = { concurrency: 100, seconds: 60, calls: 9999, rate: 10 };
  const { measurement } = measure(SUBJECT, bounds, load, AROUND);
  return { ...measurement, ...more };
}

function propose(more: Partial<ProposalInput> = {}): string {
  const proposal = proposeSizes({
    measurement: measured(),
    instances: { answered: 1, started: 1, calls: 600, others: 0 },
    memory: { peak: 0.45, minutes: 4 },
    sizes: { concurrency: 40, memory: 1024, maxInstances: 10 },
    latency: 3000,
    ...more,
  });
  return describeProposal(proposal).join("\n");
}

test("what kept to the latency stays, with room for bursts, and the reasons are numbers", () => {
  expect(propose()).toMatchInlineSnapshot(`
    "Proposed for the env file: CONCURRENCY=40 MAX_INSTANCES=2 MEMORY=768Mi
    10 calls a second that take 2.00 s each are 20.0 calls at once (Little's law). Instances that answered: 1, so each had 19.4 at once on average.
    CONCURRENCY stays: p95 is 2000 ms, within 3000 ms. Cloud Run lets it come to some 24 (60 % of CONCURRENCY): more than 19.4 was not measured.
    MAX_INSTANCES: at 60 % of 40 these calls need 1, and Cloud Run used 1. The larger one, and half as many again for bursts and for instances that are replaced: 2 (now 10). It is also what bounds the cost.
    MEMORY: the 99th percentile of the instances was at most 45 % of 1Gi, 461 MiB (run.googleapis.com/container/memory/utilizations, 4 min). 768Mi is the least multiple of 256 MiB of which that is at most 70 %, and not below 768: 512Mi is reported to be killed (docs/operating.md, "Sizes")."
  `);
});

test("what did not gets fewer calls at once, and more instances for them", () => {
  expect(propose({ latency: 1000 })).toMatchInlineSnapshot(`
    "Proposed for the env file: CONCURRENCY=16 MAX_INSTANCES=5 MEMORY=768Mi
    10 calls a second that take 2.00 s each are 20.0 calls at once (Little's law). Instances that answered: 1, so each had 19.4 at once on average.
    CONCURRENCY: p95 is 2000 ms, more than 1000 ms, with 19.4 calls at once in an instance. With 16 Cloud Run gives it half as many (it aims at 60 %). That is to be tried, not a result: deploy it and measure again.
    MAX_INSTANCES: at 60 % of 16 these calls need 3, and Cloud Run used 1. The larger one, and half as many again for bursts and for instances that are replaced: 5 (now 10). It is also what bounds the cost.
    MEMORY: the 99th percentile of the instances was at most 45 % of 1Gi, 461 MiB (run.googleapis.com/container/memory/utilizations, 4 min). 768Mi is the least multiple of 256 MiB of which that is at most 70 %, and not below 768: 512Mi is reported to be killed (docs/operating.md, "Sizes")."
  `);
  const late = measured({}, { taken: 570 });
  expect(propose({ measurement: late })).toContain(
    "CONCURRENCY: 30 calls of the schedule never started, and p95 of the others is 2000 ms (3000 ms is wanted), with",
  );
});

test("the more instances Cloud Run took, the more it may", () => {
  const instances = { answered: 7, started: 7, calls: 600, others: 0 };
  expect(propose({ instances })).toContain("MAX_INSTANCES=11");
});

test("no memory is proposed where none is known", () => {
  const text = propose({
    memory: { unknown: "403 (roles/monitoring.viewer)" },
  });
  expect(text).not.toContain("MEMORY=");
  expect(text).toContain(
    "MEMORY cannot be known: 403 (roles/monitoring.viewer).",
  );
  const full = propose({ memory: { peak: 0.9, minutes: 4 } });
  expect(full).toContain("MEMORY=1536Mi");
});

describe("nothing is proposed", () => {
  test.each<[string, Partial<ProposalInput>]>([
    ["this is the rehearsal", { measurement: measured({ rehearsed: true }) }],
    ["say what is wanted", { latency: undefined }],
    ["was not finished", { measurement: measured({ ended: "gave up" }) }],
    ["7 of 600 calls failed", { measurement: measured({}, { failures: 7 }) }],
    ["was busy for 90 %", { measurement: measured({ clientBusy: 0.9 }) }],
    ["no access", { instances: { unknown: "no access" } }],
    [
      "others sent 61 requests",
      { instances: { answered: 1, started: 0, calls: 600, others: 61 } },
    ],
    [
      "no size mends that",
      {
        latency: 1000,
        instances: { answered: 20, started: 0, calls: 600, others: 0 },
      },
    ],
  ])("and it is said why: %s", (words, input) => {
    const text = propose(input);
    expect(text).toContain("No sizes are proposed:");
    expect(text).toContain(words);
  });
});

test("the metric is the highest of its minutes, as Cloud Monitoring lists them", () => {
  const point = (doubleValue: number) => ({ value: { doubleValue } });
  const timeSeries = [{ points: [point(0.31), point(0.44), point(0.4)] }];
  expect(toMemory({ timeSeries })).toEqual({ peak: 0.44, minutes: 3 });
  expect(toMemory({})).toHaveProperty("unknown");
  expect(toMemory(undefined)).toEqual({
    unknown: "monitoring.googleapis.com is not enabled",
  });
});

test("sizes are those that Cloud Run has", () => {
  const kind = { apiVersion: "serving.knative.dev/v1", kind: "Service" };
  const spec = {
    containerConcurrency: 40,
    containers: [{ image: "i", resources: { limits: { memory: "1Gi" } } }],
  };
  const annotations = { "run.googleapis.com/maxScale": "10" };
  const service = {
    ...kind,
    metadata: { name: "litellm-proxy", annotations },
    spec: { template: { spec } },
  };
  const revision = { metadata: { name: "litellm-proxy-1" }, spec };
  expect(sizesOf(service, revision)).toEqual({
    concurrency: 40,
    memory: 1024,
    maxInstances: 10,
  });
});
