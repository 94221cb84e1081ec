import type { SecretPins } from "../manifest/parameters.ts";
import type { Lane, Step } from "../plan/step.ts";
import type { PayloadEffects } from "../service/effects.ts";
import { refuseForeign } from "../service/prepare/foreign.ts";
import type { ConfigContent } from "../litellm-config/config-content.ts";
import type { NewKeys } from "../service/prepare/input.ts";
import { planPrepare } from "../service/prepare/plan-prepare.ts";
import type { Release } from "./release-state.ts";
import type { State } from "../service/state/state.ts";
import type { Settings } from "../settings/settings.ts";

/** An env that is a stage of the pipeline. */
export interface StageInput {
  settings: Settings;
  keys: NewKeys;
  state: State;
  /** The release that the stage has; undefined before its first one. */
  current: Release | undefined;
}

export interface StagesPlan {
  /** As those of `planPrepare`, of all stages together. */
  groups: Lane<PayloadEffects>[][];
  /** In the order of the stages. */
  pins: SecretPins[];
}

/**
 * Prepares the project of every stage, side by side. What stages share (regions
 * of one service have one account and its secrets) is made once.
 */
export function planStages(
  stages: readonly StageInput[],
  config: ConfigContent,
): StagesPlan {
  for (const { settings, state } of stages) {
    refuseForeign({ settings, adopt: false }, state);
  }
  const plans = stages.map(({ settings, keys, state }) =>
    planPrepare({ settings, keys, config }, state),
  );
  const several = new Set(stages.map((s) => s.settings.projectId)).size > 1;
  const steps = (stage: number, group: number): Step<PayloadEffects>[][] => {
    const { projectId } = stages[stage]?.settings ?? { projectId: "" };
    const lanes = plans[stage]?.groups[group] ?? [];
    return lanes.map((lane) =>
      [lane].flat().map((step) => ({
        ...step,
        title: several ? `${projectId}: ${step.title}` : step.title,
      })),
    );
  };
  const seen = new Set<string>();
  const once = ({ preview }: Pick<Step, "preview">): boolean => {
    if (seen.has(preview)) return false;
    seen.add(preview);
    return true;
  };
  return {
    groups: [0, 1, 2].map((index) =>
      plans.flatMap((_, stage) =>
        steps(stage, index).map((lane) => lane.filter(once)),
      ),
    ),
    pins: plans.map(({ pins }) => pins),
  };
}
