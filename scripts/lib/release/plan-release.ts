import type { ReleaseEffects, RolloutEffects } from "./effects.ts";
import type { RolloutId } from "../google/commands/deploy.ts";
import { checkParameters } from "../pipeline/check-pipeline.ts";
import { InputError } from "../cli/errors.ts";
import { type CheckedStage, checkOwnFields } from "./check-own-fields.ts";
import { checkRoles } from "./check-roles.ts";
import { checkSetup } from "./check-setup.ts";
import { type StageRecord, listChangesSinceMade } from "./stage-record.ts";
import type { RegistryImage } from "./image.ts";
import type { PipelineFile } from "../pipeline/pipeline-file.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import { hashInputs } from "./release-inputs.ts";
import { chooseName } from "./release-name.ts";
import { renderPipeline } from "../pipeline/render-pipeline.ts";
import { type SourceTexts, renderSource } from "./stage-source.ts";
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
import { toParameters } from "../manifest/parameters.ts";
import { planImage } from "./plan-image.ts";
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
  texts: SourceTexts;
  /** The tools image by digest. */
  tools: string;
  image: RegistryImage;
  /** `r-<12 hex>`. */
  base: string;
  /** When this was planned, ISO 8601. */
  now: string;
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
  /** In what the pipeline stays what it is, whatever the files say. */
  kept: string[];
}

/**
 * The whole release: prepare every target's project, bring the image into the
 * registry, make the release, roll it out to the first stage. What is there
 * already is not made again; the pipeline itself is left to setup.ts.
 */
export function planRelease(
  input: ReleaseInput,
  state: ReleaseState,
): ReleasePlan {
  const { place, file, stages, config, texts, tools, image } = input;
  const [{ settings: first }] = stages;
  const resources = renderPipeline(
    file,
    stages.map(({ settings }) => settings),
  );
  const kept = checkSetup(resources, state.pipeline);
  const prepared = planStages(stages, config);
  const configVersion = aliasOf(config);
  const source = renderSource(
    texts,
    tools,
    stages.map(({ settings, state: { service } }, index) => ({
      settings,
      parameters: toParameters(
        settings,
        prepared.pins[index] ?? { configVersion, keys: {} },
      ),
      service,
    })),
  );
  refuseParameters({
    image: image.pinned ?? image.name,
    configVersion,
    released: input.now,
  });
  const content = { source, configVersion, resources };
  const inputs =
    image.pinned === undefined ? undefined : hashInputs(content, image.pinned);
  const reusable = state.releases.map((release) =>
    isStale(release, stages) ? { ...release, annotations: {} } : release,
  );
  const { release, existing } = chooseName(input.base, reusable, inputs);
  if (existing === undefined) {
    checkRoles(place, stages);
    checkOwnFields(toChecked(input, source.records));
  }
  const rollout = findRollout(release, first.env, state.rollouts);
  const made = { id: rollout.id, image, content, now: input.now };
  const [apis, things, accessors] = prepared.groups;
  return {
    release,
    rollout: rollout.id,
    configVersion,
    kept,
    plan: compact<ReleaseEffects>([
      apis ?? [],
      [...(things ?? []), planImage(first, place, image)],
      accessors ?? [],
      [
        existing === undefined
          ? [createReleaseStep(place, made), followStep(place, rollout.id)]
          : planExisting(place, rollout),
      ],
    ]),
  };
}

function refuseParameters(parameters: Record<string, string>): void {
  const problems = checkParameters("the release", parameters);
  if (problems.length === 0) return;
  throw new InputError(
    ["Cloud Deploy would refuse the release:", ...problems].join("\n  "),
  );
}

/** A release that a service was changed since, and that is still to come there, would put back what it was. */
function isStale(release: Release, stages: readonly StageInput[]): boolean {
  return stages.some(
    ({ settings, state: { service } }) =>
      listChangesSinceMade(release, settings.env, service).length > 0,
  );
}

function toChecked(
  { file, stages }: ReleaseInput,
  records: ReadonlyMap<string, StageRecord>,
): CheckedStage[] {
  return stages.flatMap(({ settings, current }) => {
    const stage = file.stages.find((one) => one.env === settings.env);
    const record = records.get(settings.env);
    return stage === undefined || record === undefined
      ? []
      : [{ stage, record, current }];
  });
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
