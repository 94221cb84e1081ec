import { expect, test } from "vitest";
import {
  estimate,
  formatEstimate,
} from "../../../../scripts/lib/service/changes/estimate.ts";

const SIZES = {
  cpu: "2",
  memory: "2Gi",
  concurrency: "10",
  minInstances: "0",
};

test("nothing is kept up without MIN_INSTANCES", () => {
  expect(estimate(SIZES, undefined)).toEqual({
    idle: { vcpuSeconds: 0, gibSeconds: 0 },
    load: null,
  });
});

test("an instance that is kept up counts for thirty days", () => {
  const { idle } = estimate(
    { ...SIZES, minInstances: "1", memory: "512Mi" },
    undefined,
  );
  expect(idle).toEqual({ vcpuSeconds: 5_184_000, gibSeconds: 1_296_000 });
});

test("a load lies between requests that share an instance and requests that do not", () => {
  const month = estimate(SIZES, { requests: 100_000, seconds: 2 });
  expect(formatEstimate(month)).toEqual([
    "  at rest   0 vCPU-s, 0 GiB-s",
    "  at work   100,000 requests of 2 s:",
    "    least   40,000 vCPU-s, 40,000 GiB-s",
    "    most    400,000 vCPU-s, 400,000 GiB-s",
  ]);
});
