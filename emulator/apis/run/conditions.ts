import type { Condition } from "./model.ts";
import type { Failure, RunRevision } from "./state.ts";
import type { Routing } from "./traffic.ts";

type Verdict = Pick<Condition, "status" | "reason" | "message">;

const DEPLOYING: Verdict = {
  status: "Unknown",
  reason: "Deploying",
  message: "Deploying Revision.",
};
const ROUTING: Verdict = {
  status: "Unknown",
  reason: "RouteProgressing",
  message: "Routing traffic.",
};

/** The conditions of a service: Ready is the worse of its newest revision and its routing. */
export function judgeService(
  newest: Pick<RunRevision, "phase" | "failure">,
  routing: Routing,
): Record<"Ready" | "ConfigurationsReady" | "RoutesReady", Verdict> {
  const configuration = judgeConfiguration(newest);
  const route = judgeRoute(routing);
  const verdicts = [route, configuration];
  const worst =
    verdicts.find(({ status }) => status === "False") ??
    verdicts.find(({ status }) => status === "Unknown") ??
    configuration;
  return {
    Ready: worst,
    ConfigurationsReady: configuration,
    RoutesReady: route,
  };
}

/** The condition of a configuration alone. */
export function judgeConfiguration(
  newest: Pick<RunRevision, "phase" | "failure">,
): Verdict {
  if (newest.failure !== undefined) return denied(newest.failure);
  return newest.phase === "deploying" ? DEPLOYING : { status: "True" };
}

/** The condition of a route alone. */
export function judgeRoute(routing: Routing): Verdict {
  switch (routing.state) {
    case "ready":
      return { status: "True" };
    case "pending":
      return ROUTING;
    case "failed":
      return denied(routing.failure);
  }
}

/** The conditions to store: the time of one changes with its status only. */
export function updateConditions(
  previous: readonly Condition[],
  verdicts: Readonly<Record<string, Verdict & Pick<Condition, "severity">>>,
  now: string,
): Condition[] {
  return Object.entries(verdicts).map(([type, verdict]) => {
    const before = previous.find((condition) => condition.type === type);
    const lastTransitionTime =
      before?.status === verdict.status ? before.lastTransitionTime : now;
    return { type, ...verdict, lastTransitionTime };
  });
}

function denied({ reason, message }: Failure): Verdict {
  return { status: "False", reason, message };
}
