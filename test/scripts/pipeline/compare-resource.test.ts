import { describe, expect, test } from "vitest";
import {
  listDifferences,
  listMissing,
} from "../../../scripts/lib/pipeline/compare-resource.ts";
import type { Resource } from "../../../scripts/lib/pipeline/pipeline-file.ts";
import type { CloudResource } from "../../../scripts/lib/pipeline/pipeline-state.ts";

const resource: Resource = {
  apiVersion: "deploy.cloud.google.com/v1",
  kind: "Target",
  metadata: { name: "dev", labels: { "litellm-cloudrun": "true" } },
  requireApproval: false,
  run: { location: "projects/p/locations/r" },
  executionConfigs: [{ usages: ["RENDER", "DEPLOY"], timeout: "60m" }],
  deployParameters: { cpu: "1", memory: "1Gi" },
};

/** As Cloud Deploy gives it back. */
const actual: CloudResource = {
  name: "projects/p/locations/r/targets/dev",
  targetId: "dev",
  uid: "0123",
  etag: "abc",
  createTime: "2026-11-27T00:00:00Z",
  updateTime: "2026-11-27T00:00:00Z",
  labels: { "litellm-cloudrun": "true" },
  run: { location: "projects/p/locations/r" },
  executionConfigs: [
    {
      usages: ["RENDER", "DEPLOY"],
      timeout: "3600s",
      executionTimeout: "3600s",
      defaultPool: { serviceAccount: "x" },
    },
  ],
  deployParameters: { cpu: "1", memory: "1Gi" },
};

function compare(
  desired: Record<string, unknown>,
  there: Record<string, unknown> = {},
): string[] {
  return listDifferences(
    { ...resource, ...desired },
    { ...actual, ...there },
  ).map(({ path }) => path);
}

describe("a resource of Cloud Deploy", () => {
  test("is the same where Google filled in, left out or converted", () => {
    expect(listDifferences(resource, actual)).toEqual([]);
    expect(compare({ pause: 5 }, { pause: "5" })).toEqual([]);
    expect(compare({ wait: "5m" }, { wait: "300s" })).toEqual([]);
    expect(compare({ wait: "0s", note: "", list: [], percentage: 0 })).toEqual(
      [],
    );
    expect(compare({ percentage: 0 }, { percentage: 10 })).toEqual([
      "percentage",
    ]);
    expect(
      compare({}, { suspended: false, description: "", tags: [] }),
    ).toEqual([]);
  });

  test("differs in a value, and says where", () => {
    const deployParameters = { cpu: "2", memory: "1Gi" };
    expect(compare({ deployParameters })).toEqual(["deployParameters.cpu"]);
    expect(compare({ wait: "5m" }, { wait: "301s" })).toEqual(["wait"]);
    expect(compare({ requireApproval: true })).toEqual(["requireApproval"]);
    expect(compare({}, { requireApproval: true })).toEqual(["requireApproval"]);
  });

  test("differs in what is missing there, and in what is there beside it", () => {
    const deployParameters = { cpu: "1", memory: "1Gi", network: "vpc" };
    expect(compare({ deployParameters })).toEqual(["deployParameters.network"]);
    expect(compare({}, { deployParameters })).toEqual([
      "deployParameters.network",
    ]);
    expect(compare({}, { gke: { cluster: "c" } })).toEqual(["gke"]);
  });

  test("differs in its labels and annotations", () => {
    expect(compare({}, { labels: {} })).toEqual(["labels.litellm-cloudrun"]);
    expect(compare({}, { labels: { ...actual.labels, team: "ml" } })).toEqual([
      "labels.team",
    ]);
    const metadata = { ...resource.metadata, annotations: { note: "x" } };
    expect(compare({ metadata })).toEqual(["annotations"]);
  });

  test("differs in a list's item by its place, and in its length as a whole", () => {
    const [config] = resource.executionConfigs as Record<string, unknown>[];
    const usages = ["RENDER", "VERIFY"];
    expect(compare({ executionConfigs: [{ ...config, usages }] })).toEqual([
      "executionConfigs[0].usages[1]",
    ]);
    expect(compare({ executionConfigs: [config, config] })).toEqual([
      "executionConfigs",
    ]);
    expect(compare({ executionConfigs: [] })).toEqual(["executionConfigs"]);
  });

  test("keeps what is empty and means something: a rollback is {}", () => {
    const rules = [{ repair: { rollback: {} } }];
    expect(compare({ rules }, { rules })).toEqual([]);
    expect(compare({ rules }, { rules: [{ repair: {} }] })).toEqual([
      "rules[0].repair.rollback",
    ]);
  });

  test("is the same where Google adds a field that nobody here knows of", () => {
    expect(
      compare(
        {},
        { newField: "x", run: { location: "projects/p/locations/r", tier: 1 } },
      ),
    ).toEqual([]);
  });
});

describe("what was sent", () => {
  test("is there whatever else is", () => {
    const there = { ...actual, suspended: true, newField: "x" };
    expect(listMissing(resource, there)).toEqual([]);
  });

  test("is missed where it is not, from what to what", () => {
    const there = { ...actual, run: { location: "projects/p/locations/x" } };
    expect(listMissing(resource, there)).toEqual([
      {
        path: "run.location",
        actual: "projects/p/locations/x",
        desired: "projects/p/locations/r",
      },
    ]);
  });
});
