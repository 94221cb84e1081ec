import type { RolloutId } from "../../google/commands/deploy.ts";
import type { Resource } from "../../pipeline/pipeline-file.ts";
import type { PipelinePlace } from "../../pipeline/place.ts";
import * as commands from "../../google/commands/deploy.ts";
import { UserError } from "../../cli/errors.ts";
import type { Settings } from "../../settings/settings.ts";
import { idOf } from "../../pipeline/pipeline-state.ts";
import { numbered } from "../read-releases.ts";
import {
  type AutomationRun,
  type Release,
  type Rollout,
  isBecauseOf,
} from "../release-state.ts";
import type { State } from "../../service/state/state.ts";
import type { Returns } from "./choose-return.ts";
import { needsApproval } from "../promote/plan-promote.ts";
import { applyStep } from "../../pipeline/plan-pipeline.ts";
import { type Reasons, listReasons, parametersOf } from "../release-pins.ts";
import { RESTORES } from "../../service/intent.ts";
import { requireVersion } from "../../service/pins.ts";
import { toKeyParameters } from "../../manifest/parameters.ts";
import { keysOf } from "../../settings/keys.ts";
import type { PipelineEffects } from "../../pipeline/effects.ts";
import type { RolloutEffects } from "../effects.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import {
  approveStep,
  awaitApprovalStep,
  cancelSteps,
  followStep,
  idsOf,
  nextRollout,
} from "../rollout-step.ts";
import { newestEnabled } from "../../service/prepare/secret-version.ts";
import { type Plan, type Step, compact, gcloudStep } from "../../plan/step.ts";

export interface TargetRollbackInput {
  place: PipelinePlace;
  settings: Settings;
  /** What the env's project holds. */
  state: State;
  returns: Returns;
  /** To the target, the newest first. */
  rollouts: readonly Rollout[];
  /** What automations are still to do because of the target's rollouts. */
  waiting: readonly AutomationRun[];
  to: Release;
  /** The target as the env file wants it. */
  target: Resource;
  /** Those called `TO-keys`, `TO-keys-2` and so on. */
  remakes: readonly Release[];
}

export interface TargetRollbackPlan {
  plan: Plan<PipelineEffects & RolloutEffects>;
  rollout: RolloutId;
  /** Why `to` itself cannot come again; empty where it does. */
  reasons: string[];
}

/**
 * Rolls a target back through Cloud Deploy: the old release again, or a new one
 * of the same source, image and configuration with today's keys where the old
 * keys are gone. Throws UserError where the release cannot come back at all.
 */
export function planTargetRollback(
  input: TargetRollbackInput,
): TargetRollbackPlan {
  const { place, settings, state, to, rollouts } = input;
  const { env } = settings;
  const parameters = parametersOf(to, env);
  const found = listReasons(settings, state, parameters);
  refuseObstacle(input, found);
  const reasons = found.deadKeys;
  const release =
    reasons.length === 0
      ? idOf(to)
      : numbered(`${idOf(to)}-keys`, input.remakes.length + 1);
  const id = nextRollout(release, env, rollouts);
  const asks = needsApproval(to, env);
  const remade = reasons.length > 0;
  return {
    rollout: id,
    reasons,
    plan: compact<PipelineEffects & RolloutEffects>([
      [stopSteps(input)],
      [
        [
          ...(remade
            ? remakeSteps(input, parameters, id)
            : [returnStep(place, id)]),
          // The operator has just agreed.
          ...(asks && remade ? [awaitApprovalStep(place, id)] : []),
          ...(asks ? [approveStep(place, id)] : []),
          followStep(place, id),
        ],
      ],
    ]),
  };
}

function refuseObstacle(
  { settings, to }: TargetRollbackInput,
  found: Reasons,
): void {
  const obstacle = to.abandoned === true ? "it was abandoned" : found.obstacle;
  if (obstacle === undefined) return;
  throw new UserError(`release ${idOf(to)} cannot come back: ${obstacle}`, {
    hint: `Choose another with --to: ${scriptCommand("rollback", settings.env, "--list")}`,
  });
}

/** Neither a rollout that is under way nor an automation may undo the rollback. */
function stopSteps({ place, waiting, returns }: TargetRollbackInput): Step[] {
  const { latest, unfinished } = returns;
  const { release, rollout } = idsOf(latest);
  return [
    ...cancelSteps(
      place,
      waiting.filter((run) => isBecauseOf(run, latest)),
    ),
    ...(unfinished
      ? [
          gcloudStep(
            `Cancel ${rollout}, which is under way`,
            commands.cancelRollout(place, release, rollout),
          ),
        ]
      : []),
  ];
}

function returnStep(place: PipelinePlace, id: RolloutId): Step {
  return gcloudStep(
    `Roll ${id.target} back to ${id.release}`,
    commands.rollBackTarget(place, id),
  );
}

/** A release keeps its targets as they are when it is made: so the keys go there first. */
function remakeSteps(
  { place, settings, state, to, target }: TargetRollbackInput,
  parameters: Readonly<Record<string, string>>,
  id: RolloutId,
): Step<PipelineEffects>[] {
  const { image, configVersion, ...own } = parameters;
  const resource = {
    ...target,
    deployParameters: { ...own, ...todaysKeys(settings, state) },
  };
  const command = commands.createRelease(place, {
    release: id.release,
    target: id.target,
    phase: "stable",
    source: to.skaffoldConfigUri ?? "",
    parameters: { image: image ?? "", configVersion: configVersion ?? "" },
    annotations: { [RESTORES]: idOf(to) },
    rolloutAnnotations: { [RESTORES]: idOf(to) },
  });
  return [
    applyStep(place, [resource], [`target ${id.target}, with today's keys`]),
    gcloudStep(`Make ${id.release} of ${idOf(to)}, and roll it out`, command),
  ];
}

function todaysKeys(
  settings: Settings,
  { secrets }: State,
): Record<string, string> {
  const pins = keysOf(settings.mode).map(({ name }) => {
    const newest = newestEnabled(secrets.keys[name]);
    const secret = settings.keySecrets[name];
    return [name, requireVersion(settings, secret, newest)] as const;
  });
  return { ...toKeyParameters(settings, Object.fromEntries(pins)) };
}
