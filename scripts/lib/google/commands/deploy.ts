import type { Command } from "../gcloud.ts";
import { type InRegion, type PipelineId, inRegion } from "../places.ts";
import type { BucketId } from "./storage.ts";

/** A rollout by its names. */
export interface RolloutId {
  release: string;
  target: string;
  /** `RELEASE-to-TARGET-0001`. */
  rollout: string;
}

export interface NewRelease {
  release: string;
  /** A directory, or a `gs://….tgz`. */
  source: string;
  parameters: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** Gets the first rollout. */
  target: string;
  rolloutAnnotations?: Readonly<Record<string, string>>;
  /** The phase that the rollout starts with; its first one otherwise. */
  phase?: string;
}

export function createRelease(
  place: PipelineId & BucketId,
  made: NewRelease,
): Command {
  const { release, source, parameters, annotations, target } = made;
  return {
    args: [
      ...["deploy", "releases", "create", release],
      `--source=${source}`,
      `--gcs-source-staging-dir=gs://${place.bucket}/releases`,
      `--deploy-parameters=${formatMap(parameters)}`,
      `--annotations=${formatMap(annotations)}`,
      `--to-target=${target}`,
      ...(made.rolloutAnnotations === undefined
        ? []
        : [
            `--initial-rollout-annotations=${formatMap(made.rolloutAnnotations)}`,
          ]),
      ...(made.phase === undefined
        ? []
        : [`--initial-rollout-phase-id=${made.phase}`]),
      ...inPipeline(place),
      "--format=none",
    ],
    // Until it is rendered, by a build of its own.
    long: true,
  };
}

export function promoteRelease(place: PipelineId, id: RolloutId): Command {
  return change(
    place,
    ...["releases", "promote", `--release=${id.release}`],
    ...[`--to-target=${id.target}`, `--rollout-id=${id.rollout}`],
  );
}

export function approveRollout(
  place: PipelineId,
  release: string,
  rollout: string,
): Command {
  return change(place, "rollouts", "approve", rollout, `--release=${release}`);
}

export function cancelRollout(
  place: PipelineId,
  release: string,
  rollout: string,
): Command {
  return change(place, "rollouts", "cancel", rollout, `--release=${release}`);
}

export function rollBackTarget(place: PipelineId, id: RolloutId): Command {
  return change(
    place,
    ...["targets", "rollback", id.target, `--release=${id.release}`],
    `--rollout-id=${id.rollout}`,
  );
}

/** For the operator to run; what is in capitals is theirs to fill in. */
export function rollBackByHand(place: InRegion): Command {
  const pipeline = { ...place, pipeline: "PIPELINE" };
  return {
    args: ["deploy", "targets", "rollback", "TARGET", ...inPipeline(pipeline)],
  };
}

export function cancelAutomationRun(place: PipelineId, run: string): Command {
  return change(place, "automation-runs", "cancel", run);
}

/** The automation runs that are still to promote what a rollout brought. */
export function listPromotions(place: PipelineId, id: RolloutId): Command {
  return {
    args: [
      ...["deploy", "automation-runs", "list"],
      `--filter=promoteReleaseOperation.rollout~/${id.rollout}$ AND state:(PENDING IN_PROGRESS)`,
      ...inPipeline(place),
      "--format=value(name.basename())",
    ],
  };
}

export function describeRollout(
  place: PipelineId,
  release: string,
  rollout: string,
): Command {
  return {
    args: [
      ...["deploy", "rollouts", "describe", rollout, `--release=${release}`],
      ...inPipeline(place),
      "--format=value(state)",
    ],
  };
}

/** For the operator to run. */
export function listRollouts(place: PipelineId, release: string): Command {
  return {
    args: [
      "deploy",
      "rollouts",
      "list",
      `--release=${release}`,
      ...inPipeline(place),
    ],
  };
}

/** For the operator to run. */
export function listReleases(place: PipelineId): Command {
  return { args: ["deploy", "releases", "list", ...inPipeline(place)] };
}

/** For the operator to run. */
export function describePipeline(place: PipelineId): Command {
  return {
    args: [
      "deploy",
      "delivery-pipelines",
      "describe",
      place.pipeline,
      ...inRegion(place),
    ],
  };
}

/** `documents`: YAML. */
export function applyResources(place: InRegion, documents: string): Command {
  return {
    args: ["deploy", "apply", "--file=/dev/stdin", ...inRegion(place)],
    input: documents,
  };
}

/** With its releases, rollouts and automations. */
export function deletePipeline(place: PipelineId): Command {
  return {
    args: [
      "deploy",
      "delivery-pipelines",
      "delete",
      place.pipeline,
      "--force",
      ...inRegion(place),
      "--quiet",
    ],
  };
}

export function deleteAutomation(
  place: PipelineId,
  automation: string,
): Command {
  return {
    args: [
      "deploy",
      "automations",
      "delete",
      automation,
      ...inPipeline(place),
      "--quiet",
    ],
  };
}

export function deleteTarget(place: InRegion, target: string): Command {
  return {
    args: [
      "deploy",
      "targets",
      "delete",
      target,
      ...inRegion(place),
      "--quiet",
    ],
  };
}

/** A change whose answer nobody reads. */
function change(place: PipelineId, ...words: string[]): Command {
  const args = ["deploy", ...words, ...inPipeline(place)];
  return { args: [...args, "--format=none", "--quiet"] };
}

function inPipeline(place: PipelineId): string[] {
  return [`--delivery-pipeline=${place.pipeline}`, ...inRegion(place)];
}

/** `gcloud topic escaping`: another delimiter where a value has the usual one. */
function formatMap(map: Readonly<Record<string, string>>): string {
  const entries = Object.entries(map).map(
    ([name, value]) => `${name}=${value}`,
  );
  const delimiter = [",", ";", "|", "~", "%", "@@", "++"].find((one) =>
    entries.every((entry) => !entry.includes(one)),
  );
  if (delimiter === undefined) {
    throw new Error("no delimiter is left for gcloud's map");
  }
  return delimiter === ","
    ? entries.join(",")
    : `^${delimiter}^${entries.join(delimiter)}`;
}
