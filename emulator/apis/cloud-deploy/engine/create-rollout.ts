import { randomUUID } from "node:crypto";
import type { Cloud } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";
import type { Rollout } from "../rollout.ts";
import { type StoredRelease, deliveryOf } from "../state.ts";
import type { EngineContext } from "./context.ts";
import { findStage, requireFound } from "./find.ts";
import { parentOf, pipelineOf } from "./names.ts";
import { abortPending, planPhases } from "./phases.ts";
import { enqueue } from "./progress.ts";

const ID = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

export interface NewRollout {
  /** Full name of the release. */
  release: string;
  rolloutId: string;
  targetId: string;
  /** Empty for the first one. */
  startingPhaseId: string;
  description?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** The rollout that it takes back. */
  rollbackOfRollout?: string;
  /** Goes ahead on a target that asks for approval, as a repair does. */
  approved?: boolean;
}

/** The rollout as it would be created. Throws what Google throws on a bad one. */
export function planRollout(cloud: Cloud, wanted: NewRollout): Rollout {
  const { releases, pipelines, rollouts } = deliveryOf(cloud);
  const release = requireFound(releases.get(wanted.release), wanted.release);
  const pipelineName = pipelineOf(wanted.release);
  const pipeline = requireFound(pipelines.get(pipelineName), pipelineName);
  if (pipeline.suspended === true) {
    throw refusal(`delivery pipeline "${pipelineName}" is suspended`);
  }
  if (release.resource.abandoned === true) {
    throw refusal(`release "${wanted.release}" is abandoned`);
  }
  if (!ID.test(wanted.rolloutId)) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `rollout_id "${wanted.rolloutId}" must match ${ID.source}`,
    );
  }
  const { stage, target } = findStage(release, wanted.targetId);
  const name = `${wanted.release}/rollouts/${wanted.rolloutId}`;
  if (rollouts.has(name)) {
    throw new GoogleError(
      "ALREADY_EXISTS",
      `Resource '${name}' already exists`,
    );
  }
  requireRendered(release, wanted.targetId);
  const asks = target.requireApproval === true && wanted.approved !== true;
  return {
    name,
    uid: randomUUID().replaceAll("-", ""),
    ...optionalParts(wanted),
    targetId: wanted.targetId,
    createTime: new Date().toISOString(),
    approvalState: asks ? "NEEDS_APPROVAL" : "DOES_NOT_NEED_APPROVAL",
    state: "PENDING_RELEASE",
    phases: planPhases(stage, wanted.startingPhaseId),
  };
}

/** Creates a rollout, which begins as soon as it may. */
export function createRollout(
  context: EngineContext,
  wanted: NewRollout,
): Rollout {
  const delivery = deliveryOf(context.cloud);
  const rollout = planRollout(context.cloud, wanted);
  delivery.rollouts.set(rollout.name, rollout);
  const undone = delivery.rollouts.get(wanted.rollbackOfRollout ?? "");
  if (undone !== undefined) {
    undone.rolledBackByRollouts ??= [];
    undone.rolledBackByRollouts.push(rollout.name);
  }
  admit(context, rollout);
  return rollout;
}

/** Goes on to approval or into the queue once the release is rendered. */
function admit(context: EngineContext, rollout: Rollout): void {
  const release = deliveryOf(context.cloud).releases.get(
    parentOf(rollout.name),
  );
  if (release === undefined || rollout.state !== "PENDING_RELEASE") return;
  if (release.resource.renderState === "IN_PROGRESS") {
    void release.renderedAll.then(() => {
      admit(context, rollout);
    });
  } else if (!release.rendered.has(rollout.targetId)) {
    rollout.state = "FAILED";
    rollout.deployFailureCause = "RELEASE_FAILED";
    rollout.failureReason = `The release failed to render for target ${rollout.targetId}.`;
    abortPending(rollout.phases);
  } else if (rollout.approvalState === "NEEDS_APPROVAL") {
    rollout.state = "PENDING_APPROVAL";
  } else {
    enqueue(context, rollout);
  }
}

/** `RELEASE-to-TARGET-0001`, or the next number that is free, as gcloud names rollouts. */
export function newRolloutId(
  cloud: Cloud,
  release: string,
  targetId: string,
): string {
  const releaseId = release.slice(release.lastIndexOf("/") + 1);
  for (let number = 1; ; number++) {
    const id = `${releaseId}-to-${targetId}-${String(number).padStart(4, "0")}`;
    if (!deliveryOf(cloud).rollouts.has(`${release}/rollouts/${id}`)) return id;
  }
}

function requireRendered(
  { resource, rendered }: StoredRelease,
  targetId: string,
): void {
  if (resource.renderState === "IN_PROGRESS" || rendered.has(targetId)) return;
  throw refusal(
    `release "${resource.name}" failed to render for target "${targetId}"`,
  );
}

function refusal(text: string): GoogleError {
  return new GoogleError("FAILED_PRECONDITION", text);
}

function optionalParts(wanted: NewRollout): Partial<Rollout> {
  const { description, labels, annotations, rollbackOfRollout } = wanted;
  return {
    ...(description !== undefined && { description }),
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
    ...(rollbackOfRollout !== undefined && { rollbackOfRollout }),
  };
}
