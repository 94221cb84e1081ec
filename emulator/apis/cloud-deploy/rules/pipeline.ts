import type { SentPipeline } from "../requests.ts";
import { GoogleError } from "../../../core/google-error.ts";
import type {
  DeliveryPipeline,
  PhaseConfig,
  PhaseJobs,
  Stage,
} from "../state.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { requireParameters } from "./parameters.ts";
import { refusal, required } from "./refusal.ts";

type SentStage = NonNullable<
  NonNullable<SentPipeline["serialPipeline"]>["stages"]
>[number];

type Canary = NonNullable<NonNullable<SentStage["strategy"]>["canary"]>;

/** Of the discovery document, `PhaseConfig.phaseId`. */
const PHASE_ID = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Throws INVALID_ARGUMENT. `takesEmptyPhases`: a phase of a custom canary may have 0 %. */
export function readPipeline(
  sent: SentPipeline,
  takesEmptyPhases: boolean,
): Metadata & Pick<DeliveryPipeline, "serialPipeline" | "suspended"> {
  const stages = (sent.serialPipeline?.stages ?? []).map((stage, index) =>
    readStage(stage, index, takesEmptyPhases),
  );
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

function readStage(
  sent: SentStage,
  index: number,
  takesEmptyPhases: boolean,
): Stage {
  const at = `serial_pipeline.stages[${index}]`;
  const { strategy, deployParameters, profiles } = sent;
  if (strategy?.standard && strategy.canary) {
    throw refusal(`${at}.strategy can only be one of standard and canary`);
  }
  const canary =
    strategy?.canary &&
    readCanary(`${at}.strategy`, strategy.canary, takesEmptyPhases);
  return {
    targetId: required(sent.targetId, `${at}.target_id`),
    ...(profiles && { profiles }),
    ...(strategy && {
      strategy: {
        ...(strategy.standard && { standard: readJobs(strategy.standard) }),
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
  { runtimeConfig, canaryDeployment, customCanaryDeployment }: Canary,
  takesEmptyPhases: boolean,
): NonNullable<NonNullable<Stage["strategy"]>["canary"]> {
  if (canaryDeployment && customCanaryDeployment) {
    throw refusal(
      `${at}.canary can only be one of canary_deployment and custom_canary_deployment`,
    );
  }
  const { cloudRun } = runtimeConfig ?? {};
  if (cloudRun?.automaticTrafficControl !== true) {
    if (customCanaryDeployment) {
      throw new GoogleError(
        "UNIMPLEMENTED",
        "The emulated Cloud Deploy covers custom canaries with automatic_traffic_control alone.",
      );
    }
    throw refusal(
      `${at}.canary.runtime_config.cloud_run.automatic_traffic_control must be true for a canary deployment`,
    );
  }
  return {
    runtimeConfig: { cloudRun },
    ...(customCanaryDeployment
      ? {
          customCanaryDeployment: readPhases(
            `${at}.canary.custom_canary_deployment`,
            customCanaryDeployment,
            takesEmptyPhases ? 0 : 1,
          ),
        }
      : { canaryDeployment: readPercentages(at, canaryDeployment ?? {}) }),
  };
}

function readPercentages(
  at: string,
  { percentages = [], ...jobs }: NonNullable<Canary["canaryDeployment"]>,
): { percentages: number[] } & PhaseJobs {
  if (percentages.length === 0) {
    throw refusal(`${at}.canary.canary_deployment.percentages is required`);
  }
  if (!areAscending(percentages)) {
    throw refusal(
      `${at}.canary.canary_deployment.percentages must be between 0 and 99 and in ascending order`,
    );
  }
  return { percentages, ...readJobs(jobs) };
}

function readPhases(
  at: string,
  { phaseConfigs = [] }: NonNullable<Canary["customCanaryDeployment"]>,
  least: number,
): { phaseConfigs: PhaseConfig[] } {
  const phases = phaseConfigs.map((sent, index): PhaseConfig => {
    const { percentage = 0, profiles } = sent;
    return {
      phaseId: required(sent.phaseId, `${at}.phase_configs[${index}].phase_id`),
      percentage,
      ...(profiles && { profiles }),
      ...readJobs(sent),
    };
  });
  const ids = phases.map(({ phaseId }) => phaseId);
  const wrong = ids.find((id) => !PHASE_ID.test(id));
  if (wrong !== undefined) {
    throw refusal(`${at}: phase_id "${wrong}" must match ${PHASE_ID.source}`);
  }
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw refusal(`${at} has the phase_id "${twice}" twice`);
  }
  const last = phases.at(-1);
  if (last?.phaseId !== "stable" || last.percentage !== 100) {
    throw refusal(`${at}: the last phase must be "stable" with percentage 100`);
  }
  const percentages = phases.slice(0, -1).map((p) => p.percentage);
  if (!areAscending(percentages) || (percentages[0] ?? least) < least) {
    throw refusal(
      `${at}: percentages must be between ${least} and 99 before the stable phase, and in ascending order`,
    );
  }
  return { phaseConfigs: phases };
}

function areAscending(percentages: readonly number[]): boolean {
  return percentages.every(
    (percent, index) =>
      percent >= 0 && percent <= 99 && percent > (percentages[index - 1] ?? -1),
  );
}

function readJobs({ verify, predeploy }: PhaseJobs): PhaseJobs {
  return {
    ...(verify !== undefined && { verify }),
    ...(predeploy && { predeploy }),
  };
}
