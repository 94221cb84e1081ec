import { describe, expect, it } from "vitest";
import {
  routeTraffic,
  type RoutingInput,
  targetNames,
} from "../../../../emulator/apis/run/traffic.ts";

const ready = { phase: "ready", failure: undefined } as const;
const deploying = { phase: "deploying", failure: undefined } as const;
const retired = { phase: "retired", failure: undefined } as const;
const failed = {
  phase: "failed",
  failure: { reason: "ContainerMissing", message: "Image 'x' not found." },
} as const;

type Revision =
  typeof ready | typeof deploying | typeof retired | typeof failed;

function route(
  traffic: RoutingInput["traffic"],
  revisions: Record<string, Revision>,
  latestReady?: string,
) {
  return routeTraffic({
    traffic,
    latestCreated: Object.keys(revisions).at(-1) ?? "",
    latestReady,
    revisions: new Map(Object.entries(revisions)),
  });
}

describe("routing", () => {
  it("resolves the latest revision to its name", () => {
    expect(
      route([{ latestRevision: true, percent: 100 }], { "s-1": ready }, "s-1"),
    ).toEqual({
      state: "ready",
      targets: [{ latestRevision: true, percent: 100, revisionName: "s-1" }],
    });
  });

  it("waits for a revision that was just made", () => {
    expect(
      route(
        [{ latestRevision: true, percent: 100 }],
        { "s-1": ready, "s-2": deploying },
        "s-1",
      ),
    ).toEqual({ state: "pending" });
  });

  it("waits for a retired revision to be started again", () => {
    expect(
      route(
        [{ revisionName: "s-1", percent: 100 }],
        { "s-1": retired, "s-2": ready },
        "s-2",
      ),
    ).toEqual({ state: "pending" });
  });

  it("fails with the newest revision, even where an older one is ready", () => {
    expect(
      route(
        [{ latestRevision: true, percent: 100 }],
        { "s-1": ready, "s-2": failed },
        "s-1",
      ),
    ).toEqual({
      state: "failed",
      failure: {
        reason: "ContainerMissing",
        message:
          "Revision 's-2' is not ready and cannot serve traffic. Image 'x' not found.",
      },
    });
  });

  it("fails for a tag that was left on a failed revision", () => {
    expect(
      route(
        [
          { revisionName: "s-3", percent: 100 },
          { revisionName: "s-2", tag: "stale" },
        ],
        { "s-1": ready, "s-2": failed, "s-3": ready },
        "s-3",
      ),
    ).toMatchObject({ state: "failed" });
  });

  it("does not mind a failed revision that nothing leads to", () => {
    expect(
      route(
        [{ revisionName: "s-1", percent: 100 }],
        { "s-1": ready, "s-2": failed },
        "s-1",
      ),
    ).toMatchObject({ state: "ready" });
  });

  it("fails for a revision that is not there", () => {
    expect(
      route([{ revisionName: "s-9", percent: 100 }], { "s-1": ready }, "s-1"),
    ).toMatchObject({
      failure: {
        message:
          "Revision 's-9' does not exist or is deleted. Update all traffic to route to currently available revisions.",
      },
    });
  });
});

describe("the targets of traffic", () => {
  it("are named once each", () => {
    const names = targetNames({
      traffic: [
        { latestRevision: true, percent: 100 },
        { revisionName: "s-1", tag: "stable" },
        { revisionName: "s-1", tag: "prior" },
      ],
      latestCreated: "s-2",
      latestReady: "s-2",
      revisions: new Map([["s-2", ready]]),
    });
    expect([...names]).toEqual(["s-2", "s-1"]);
  });
});
