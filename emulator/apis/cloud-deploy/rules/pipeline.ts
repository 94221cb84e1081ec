import type { SentPipeline } from "../requests.ts";
import type { DeliveryPipeline, Stage } from "../state.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { requireParameters } from "./parameters.ts";
import { refusal, required } from "./refusal.ts";

type SentStage = NonNullable<
  NonNullable<SentPipeline["serialPipeline"]>["stages"]
>[number];

type Canary = NonNullable<NonNullable<SentStage["strategy"]>["canary"]>;

/** Throws INVALID_ARGUMENT. */
export function readPipeline(
  sent: SentPipeline,
): Metadata & Pick<DeliveryPipeline, "serialPipeline" | "suspended"> {
  const stages = (sent.serialPipeline?.stages ?? []).map(readStage);
  const ids = stages.map(({ targetId }) => targetId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw refusal(`serial_pipeline.stages has target "${twice}" twice`);
  }
  return {
    ...readMetadata(sent),
    ...(sent.suspended === true && { suspended: true }),
    serialPipeline: { stages },
  };
}

function readStage(sent: SentStage, index: number): Stage {
  const at = `serial_pipeline.stages[${index}]`;
  const { strategy, deployParameters, profiles } = sent;
  if (strategy?.standard && strategy.canary) {
    throw refusal(`${at}.strategy can only be one of standard and canary`);
  }
  const canary =
    strategy?.canary && readCanary(`${at}.strategy`, strategy.canary);
  return {
    targetId: required(sent.targetId, `${at}.target_id`),
    ...(profiles && { profiles }),
    ...(strategy && {
      strategy: {
        ...(strategy.standard && { standard: strategy.standard }),
        ...(canary && { canary }),
      },
    }),
    ...(deployParameters && {
      deployParameters: deployParameters.map((parameters) => {
        const { values = {}, matchTargetLabels } = parameters;
        requireParameters(at, values);
        return { values, ...(matchTargetLabels && { matchTargetLabels }) };
      }),
    }),
  };
}

function readCanary(
  at: string,
  { runtimeConfig, canaryDeployment }: Canary,
): NonNullable<NonNullable<Stage["strategy"]>["canary"]> {
  const { percentages = [], verify } = canaryDeployment ?? {};
  if (percentages.length === 0) {
    throw refusal(`${at}.canary.canary_deployment.percentages is required`);
  }
  percentages.forEach((percent, index) => {
    const before = percentages[index - 1] ?? -1;
    if (percent < 0 || percent > 99 || percent <= before) {
      throw refusal(
        `${at}.canary.canary_deployment.percentages must be between 0 and 99 and in ascending order`,
      );
    }
  });
  const { cloudRun } = runtimeConfig ?? {};
  if (cloudRun?.automaticTrafficControl !== true) {
    throw refusal(
      `${at}.canary.runtime_config.cloud_run.automatic_traffic_control must be true for a canary deployment`,
    );
  }
  return {
    runtimeConfig: { cloudRun },
    canaryDeployment: {
      percentages,
      ...(verify !== undefined && { verify }),
    },
  };
}
