import { describe, expect, it } from "vitest";
import {
  judgeService,
  updateConditions,
} from "../../../../emulator/apis/run/conditions.ts";

const ready = { phase: "ready", failure: undefined } as const;
const failure = { reason: "ContainerMissing", message: "Image 'x' not found." };
const failed = { phase: "failed", failure } as const;
const routed = { state: "ready", targets: [] } as const;

describe("the conditions of a service", () => {
  it("are true once the newest revision and the routing are", () => {
    expect(judgeService(ready, { ...routed, targets: [] })).toEqual({
      Ready: { status: "True" },
      ConfigurationsReady: { status: "True" },
      RoutesReady: { status: "True" },
    });
  });

  it("are unknown while a revision comes up", () => {
    const { Ready } = judgeService(
      { phase: "deploying", failure: undefined },
      { state: "pending" },
    );
    expect(Ready.status).toBe("Unknown");
  });

  it("fail with the newest revision, though traffic does not go there", () => {
    const { Ready, RoutesReady } = judgeService(failed, {
      ...routed,
      targets: [],
    });
    expect(Ready).toEqual({ status: "False", ...failure });
    expect(RoutesReady.status).toBe("True");
  });

  it("tell of the routing first where both fail", () => {
    const message = "Revision 's-1' is not ready and cannot serve traffic.";
    const { Ready } = judgeService(failed, {
      state: "failed",
      failure: { reason: "ContainerMissing", message },
    });
    expect(Ready.message).toBe(message);
  });

  it("keep the time of their last change while their status stays", () => {
    const before = [
      { type: "Ready", status: "True", lastTransitionTime: "then" },
      { type: "RoutesReady", status: "True", lastTransitionTime: "then" },
    ] as const;
    const verdicts = {
      Ready: { status: "False" },
      RoutesReady: { status: "True" },
    } as const;
    expect(
      updateConditions(before, verdicts, "now").map(
        (c) => c.lastTransitionTime,
      ),
    ).toEqual(["now", "then"]);
  });
});
