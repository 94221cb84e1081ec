import { describe, expect, it } from "vitest";
import { readScale } from "../../../../emulator/apis/run/scale.ts";
import type {
  RunRevision,
  RunService,
} from "../../../../emulator/apis/run/state.ts";

/** As much of a service as its scale is read from: revisions `a` and `b`, of which `b` has two instances. */
function scaleOf(
  name: string,
  ofService: Record<string, string>,
  ofRevision: Record<string, string>,
  shares: Record<string, number>,
) {
  const revisions = new Map(
    ["a", "b"].map((one) => [
      one,
      {
        name: one,
        template: {
          metadata: { annotations: ofRevision },
          spec: { containerConcurrency: 8 },
        },
        pool: one === "b" ? { size: 2 } : undefined,
      } as unknown as RunRevision,
    ]),
  );
  const serving = Object.entries(shares).map(([revisionName, percent]) => ({
    revisionName,
    percent,
  }));
  const service = { annotations: ofService, revisions, serving };
  const revision = revisions.get(name);
  if (revision === undefined) throw new Error(`no revision ${name}`);
  return readScale(service as unknown as RunService, revision);
}

describe("a revision's instances", () => {
  it("are 0 to 100 unless something says otherwise", () => {
    expect(scaleOf("a", {}, {}, { a: 100 })).toEqual({
      min: 0,
      max: 100,
      concurrency: 8,
    });
  });

  it("are limited by the revision's own annotations", () => {
    const own = {
      "autoscaling.knative.dev/minScale": "1",
      "autoscaling.knative.dev/maxScale": "3",
    };
    expect(scaleOf("a", {}, own, {})).toMatchObject({ min: 1, max: 3 });
  });

  it("have the service's minimum in proportion to the traffic", () => {
    const min = { "run.googleapis.com/minScale": "4" };
    const half = { a: 50, b: 50 };
    expect(scaleOf("a", min, {}, half)).toMatchObject({ min: 2 });
    expect(scaleOf("a", min, {}, { b: 100 })).toMatchObject({ min: 0 });
  });

  it("share the service's maximum with the others that have traffic, and are one at least", () => {
    const most = (count: number) => ({
      "run.googleapis.com/maxScale": String(count),
    });
    const half = { a: 50, b: 50 };
    expect(scaleOf("a", most(5), {}, half)).toMatchObject({ max: 3 });
    expect(scaleOf("a", most(2), {}, half)).toMatchObject({ max: 1 });
    expect(scaleOf("a", most(5), {}, { a: 100 })).toMatchObject({ max: 5 });
    expect(scaleOf("a", most(5), {}, { b: 100 })).toMatchObject({ max: 100 });
  });
});
