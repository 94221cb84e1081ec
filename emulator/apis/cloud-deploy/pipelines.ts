import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { pipelineOf, targetName } from "./engine/names.ts";
import { withProjectNumber } from "./place.ts";
import { PIPELINE, type SentPipeline } from "./requests.ts";
import type { ResourceKind } from "./resource-kind.ts";
import { readPipeline } from "./rules/pipeline.ts";
import { type DeliveryPipeline, deliveryOf } from "./state.ts";

/** `takesEmptyPhases`: whether a phase of a custom canary may have 0 %. */
export function pipelineKind(
  takesEmptyPhases: () => boolean,
): ResourceKind<SentPipeline, DeliveryPipeline> {
  return {
    collection: "deliveryPipelines",
    field: "delivery_pipeline",
    idParameter: "deliveryPipelineId",
    type: "DeliveryPipeline",
    message: PIPELINE,
    store: (cloud) => deliveryOf(cloud).pipelines,
    read: (_cloud, _name, sent) => readPipeline(sent, takesEmptyPhases()),
    show: (cloud, pipeline) => ({
      ...pipeline,
      condition: showCondition(cloud, pipeline),
    }),
    deleteChildren,
  };
}

/** Names of the targets of its stages that do not exist. */
export function missingTargets(
  cloud: Cloud,
  { name, serialPipeline }: DeliveryPipeline,
): string[] {
  return serialPipeline.stages
    .map(({ targetId }) => targetName(name, targetId))
    .filter((target) => !deliveryOf(cloud).targets.has(target));
}

function showCondition(cloud: Cloud, pipeline: DeliveryPipeline): object {
  const { updateTime } = pipeline;
  const missing = missingTargets(cloud, pipeline);
  const status = missing.length === 0;
  return {
    pipelineReadyCondition: { status, updateTime },
    targetsPresentCondition: {
      status,
      ...(!status && {
        missingTargets: missing.map((name) => withProjectNumber(cloud, name)),
      }),
      updateTime,
    },
    targetsTypeCondition: { status: true },
  };
}

function deleteChildren(cloud: Cloud, name: string, force: boolean): void {
  const { automations, releases, rollouts, jobRuns, automationRuns } =
    deliveryOf(cloud);
  for (const children of [
    automations,
    releases,
    rollouts,
    jobRuns,
    automationRuns,
  ]) {
    for (const child of children.keys()) {
      if (pipelineOf(child) !== name) continue;
      if (!force) {
        throw new GoogleError(
          "FAILED_PRECONDITION",
          `Resource '${name}' has nested resources. If the API supports cascading delete, set 'force' to true to delete it and its nested resources.`,
        );
      }
      children.delete(child);
    }
  }
}
