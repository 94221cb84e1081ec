import type { Command } from "../gcloud.ts";
import type { DeliveryPlace } from "../../pipeline/place.ts";

// One builder a gcloud command: it returns the arguments and runs nothing.

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

export function createRelease(place: DeliveryPlace, made: NewRelease): Command {
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
  };
}

export function promoteRelease(place: DeliveryPlace, id: RolloutId): Command {
  return change(
    place,
    ...["releases", "promote", `--release=${id.release}`],
    ...[`--to-target=${id.target}`, `--rollout-id=${id.rollout}`],
  );
}

export function approveRollout(
  place: DeliveryPlace,
  release: string,
  rollout: string,
): Command {
  return change(place, "rollouts", "approve", rollout, `--release=${release}`);
}

export function cancelRollout(
  place: DeliveryPlace,
  release: string,
  rollout: string,
): Command {
  return change(place, "rollouts", "cancel", rollout, `--release=${release}`);
}

export function rollBackTarget(place: DeliveryPlace, id: RolloutId): Command {
  return change(
    place,
    ...["targets", "rollback", id.target, `--release=${id.release}`],
    `--rollout-id=${id.rollout}`,
  );
}

export function cancelAutomationRun(
  place: DeliveryPlace,
  run: string,
): Command {
  return change(place, "automation-runs", "cancel", run);
}

export function describeRollout(
  place: DeliveryPlace,
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

/** What a job of a rollout wrote: for the operator to run. `build`: `projects/P/locations/L/builds/ID`. */
export function readJobLog(
  { projectId }: DeliveryPlace,
  build: string,
): Command {
  const id = build.split("/").at(-1) ?? build;
  return {
    args: [
      ...["logging", "read"],
      `resource.type="build" AND resource.labels.build_id="${id}"`,
      `--project=${projectId}`,
      ...["--order=asc", "--format=value(textPayload)"],
    ],
  };
}

/** A change whose answer nobody reads. */
function change(place: DeliveryPlace, ...words: string[]): Command {
  const args = ["deploy", ...words, ...inPipeline(place)];
  return { args: [...args, "--format=none", "--quiet"] };
}

function inPipeline({ projectId, region, pipeline }: DeliveryPlace): string[] {
  return [
    `--delivery-pipeline=${pipeline}`,
    `--region=${region}`,
    `--project=${projectId}`,
  ];
}

function formatMap(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}
