import type { DeliveryState } from "../../apis/cloud-deploy/state.ts";
import type { Rollout } from "../../apis/cloud-deploy/rollout.ts";

/** One push, as the table tells it. */
export interface Push {
  title: string;
  /** `r-` and the first 12 digits of the commit. */
  release: string;
  /** State of its build, in Cloud Build's words; empty until there is one. */
  build: string;
}

/** A row of the table: title, build, and a cell a target. */
export function describeRow(
  push: Push,
  targets: readonly string[],
  delivery: DeliveryState,
): string[] {
  const { title, release, build } = push;
  return [
    title,
    build.toLowerCase(),
    ...targets.map((target) => describeTarget(release, target, delivery)),
  ];
}

/** How far a release is on a target, by its newest rollout there. */
function describeTarget(
  release: string,
  target: string,
  delivery: DeliveryState,
): string {
  const rollout = [...delivery.rollouts.values()].findLast(
    (one) =>
      one.name.includes(`/releases/${release}/`) && one.targetId === target,
  );
  return rollout === undefined ? "" : describeRollout(rollout);
}

function describeRollout(rollout: Rollout): string {
  switch (rollout.state) {
    case "PENDING_APPROVAL":
      return "approval?";
    case "IN_PROGRESS":
      return describePhase(rollout);
    case "SUCCEEDED":
      return rollout.rollbackOfRollout === undefined ? "serves" : "back again";
    case "FAILED":
      return (rollout.rolledBackByRollouts ?? []).length > 0
        ? "rolled back"
        : "failed";
    default:
      return rollout.state.toLowerCase().replaceAll("_", " ");
  }
}

function describePhase({ phases }: Rollout): string {
  const phase =
    phases.find((one) => one.state === "IN_PROGRESS") ??
    phases.findLast((one) => one.state === "SUCCEEDED");
  if (phase === undefined) return "starts";
  const share = /^canary-(\d+)$/.exec(phase.id)?.[1];
  const what = share === undefined ? "all" : `${share} %`;
  const verifies = phase.deploymentJobs.verifyJob.state === "IN_PROGRESS";
  return verifies ? `${what}, verify` : what;
}
