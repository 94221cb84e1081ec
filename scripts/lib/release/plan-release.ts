import type { ReleaseEffects, RolloutEffects } from "./effects.ts";
import type { RolloutId } from "../google/commands/deploy.ts";
import { checkRendered } from "../pipeline/check-pipeline.ts";
import type { RegistryImage } from "./image.ts";
import type { PipelineFile } from "../pipeline/pipeline-file.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import { hashInputs } from "./release-inputs.ts";
import { chooseName } from "./release-name.ts";
import { renderPipeline } from "../pipeline/render-pipeline.ts";
import type { SourceFile } from "./stage-source.ts";
import { InputError } from "../cli/errors.ts";
import type { PipelineResources } from "../pipeline/pipeline-state.ts";
import {
  type Release,
  type Rollout,
  findCurrent,
  isUnderWay,
  releaseOf,
} from "./release-state.ts";
import {
  type ConfigContent,
  aliasOf,
} from "../litellm-config/config-content.ts";
import { planImage } from "./plan-image.ts";
import { planPipeline } from "../pipeline/plan-pipeline.ts";
import { type StageInput, planStages } from "./plan-stages.ts";
import { createReleaseStep } from "./release-step.ts";
import { followStep, idsOf, nextRollout, promoteStep } from "./rollout-step.ts";
import { type Plan, type Step, compact } from "../plan/step.ts";

export interface ReleaseInput {
  place: PipelinePlace;
  file: PipelineFile;
  /** In the order of the file, at least one. */
  stages: readonly [StageInput, ...StageInput[]];
  config: ConfigContent;
  source: readonly SourceFile[];
  image: RegistryImage;
  /** `r-<12 hex>`. */
  base: string;
}

export interface ReleaseState {
  pipeline: PipelineResources;
  /** Those called `base`, `base-2` and so on. */
  releases: readonly Release[];
  /** To the first stage, the newest first. */
  rollouts: readonly Rollout[];
}

export interface ReleasePlan {
  plan: Plan<ReleaseEffects>;
  release: string;
  /** To the first stage. */
  rollout: RolloutId;
  configVersion: string;
}

/**
 * The whole release: prepare every target's project, bring the image into the
 * registry, apply the pipeline, make the release, roll it out to the first
 * stage. What is there already is not made again.
 */
export function planRelease(
  input: ReleaseInput,
  state: ReleaseState,
): ReleasePlan {
  const { place, file, stages, config, source, image } = input;
  const [{ settings: first }] = stages;
  const prepared = planStages(stages, config);
  const resources = renderPipeline(
    file,
    stages.map(({ settings }, index) => ({
      settings,
      pins: prepared.pins[index]?.keys,
    })),
  );
  const configVersion = aliasOf(config);
  const parameters = { image: image.pinned ?? image.name, configVersion };
  const problems = checkRendered(resources, parameters);
  if (problems.length > 0) {
    throw new InputError(
      ["Cloud Deploy would refuse the release:", ...problems].join("\n  "),
    );
  }
  const content = { source, configVersion, resources };
  const inputs =
    image.pinned === undefined ? undefined : hashInputs(content, image.pinned);
  const { release, existing } = chooseName(input.base, state.releases, inputs);
  const rollout = findRollout(release, first.env, state.rollouts);
  const [apis, things, accessors] = prepared.groups;
  return {
    release,
    rollout: rollout.id,
    configVersion,
    plan: compact<ReleaseEffects>([
      apis ?? [],
      [...(things ?? []), planImage(first, place, image)],
      accessors ?? [],
      [planPipeline(place, resources, state.pipeline)],
      [
        existing === undefined
          ? [
              createReleaseStep(place, { id: rollout.id, image, content }),
              followStep(place, rollout.id),
            ]
          : planExisting(place, rollout),
      ],
    ]),
  };
}

interface FoundRollout {
  id: RolloutId;
  /** `none`: it is to be made. `done`: the target has it. */
  stage: "none" | "running" | "done";
}

/** The release's rollout to a target: under way, or the target's current one, else the next. */
function findRollout(
  release: string,
  target: string,
  rollouts: readonly Rollout[],
): FoundRollout {
  const current = findCurrent(rollouts);
  const own = rollouts.filter((r) => releaseOf(r) === release);
  const running = own.find(
    (r) => isUnderWay(r) || r.state === "PENDING_APPROVAL",
  );
  if (running !== undefined) return { id: idsOf(running), stage: "running" };
  if (current !== undefined && own.includes(current)) {
    return { id: idsOf(current), stage: "done" };
  }
  return { id: nextRollout(release, target, rollouts), stage: "none" };
}

/** An interrupted run made the release: its rollout is followed, or made. */
function planExisting(
  place: PipelinePlace,
  { id, stage }: FoundRollout,
): Step<RolloutEffects>[] {
  return [
    ...(stage === "none" ? [promoteStep(place, id)] : []),
    ...(stage === "done" ? [] : [followStep(place, id)]),
  ];
}
