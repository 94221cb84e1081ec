import type { PipelineFile, Resource } from "./pipeline-file.ts";

/** The strategy of a stage, as far as it is read here. */
interface Strategy {
  standard?: object;
  canary?: {
    canaryDeployment?: { percentages?: number[]; verify?: boolean };
    customCanaryDeployment?: { phaseConfigs?: object[] };
    [field: string]: unknown;
  };
}

interface Stage {
  targetId: string;
  profiles?: string[];
  strategy?: Strategy;
}

/** The custom action of skaffold.yaml that comes before each phase of a canary. */
const CHECK_ACTION = "check";

/** The Skaffold profiles of a stage: one for the phases of a canary, one for the last phase. */
export function profilesOf(env: string): { canary: string; stable: string } {
  return { canary: `${env}-canary`, stable: env };
}

/**
 * The pipeline with its stages' profiles. A canary by percentages becomes the
 * same phases one by one ("custom-automated canary"): the last one alone brings
 * what guards and limits the service, the others leave it as it is, and see
 * first that it is as it was.
 */
export function withProfiles({ pipeline }: PipelineFile): Resource {
  const { stages } = pipeline.serialPipeline as { stages: Stage[] };
  return {
    ...pipeline,
    serialPipeline: { stages: stages.map(withProfile) },
  };
}

function withProfile(stage: Stage): Stage {
  const { canary, stable } = profilesOf(stage.targetId);
  const { canaryDeployment, ...rest } = stage.strategy?.canary ?? {};
  if (canaryDeployment === undefined) {
    return { ...stage, profiles: [...(stage.profiles ?? []), stable] };
  }
  const { percentages = [], ...jobs } = canaryDeployment;
  return {
    ...stage,
    strategy: {
      canary: {
        ...rest,
        customCanaryDeployment: {
          phaseConfigs: [
            ...percentages.map((percentage) => ({
              phaseId: `canary-${String(percentage)}`,
              percentage,
              profiles: [canary],
              predeploy: { actions: [CHECK_ACTION] },
              ...jobs,
            })),
            {
              phaseId: "stable",
              percentage: 100,
              profiles: [stable],
              ...jobs,
            },
          ],
        },
      },
    },
  };
}
