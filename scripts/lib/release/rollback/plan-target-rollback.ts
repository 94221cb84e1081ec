import type { RolloutId } from "../../google/commands/deploy.ts";
import * as commands from "../../google/commands/deploy.ts";
import {
  type Command,
  bashExpression,
  formatCommand,
} from "../../google/gcloud.ts";
import type { PipelinePlace } from "../../pipeline/place.ts";
import { UserError } from "../../cli/errors.ts";
import type { Settings } from "../../settings/settings.ts";
import { idOf } from "../../pipeline/pipeline-state.ts";
import { numbered } from "../read-releases.ts";
import {
  type AutomationRun,
  type Release,
  type Rollout,
  TOOLS,
  isBecauseOf,
} from "../release-state.ts";
import type { State } from "../../service/state/state.ts";
import type { Returns } from "./choose-return.ts";
import { needsApproval } from "../promote/plan-promote.ts";
import { type Reasons, listReasons, parametersOf } from "../release-pins.ts";
import { RESTORES } from "../../service/intent.ts";
import { type Pins, requireVersion } from "../../service/pins.ts";
import { ownFieldsOf } from "../../service/own-fields.ts";
import {
  type ManifestParameters,
  toKeyParameters,
} from "../../manifest/parameters.ts";
import { keyNamed } from "../../settings/keys.ts";
import type { RolloutEffects } from "../effects.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { formatSource, withSource } from "../source-files.ts";
import {
  formatRecords,
  listChangesSinceServed,
  shortenRecords,
} from "../stage-record.ts";
import type { RemadeSource } from "./remake-source.ts";
import {
  approveIfAskedStep,
  cancelSteps,
  followStep,
  idsOf,
  keepFromPromotionStep,
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
  /** Whether an automation promotes what succeeds there. */
  isPromoted: boolean;
}

/** What a release that stands in for an old one is made from. */
export interface Remade extends RemadeSource {
  /** Those called `TO-now`, `TO-now-2` and so on. */
  remakes: readonly Release[];
  /** ISO 8601. */
  now: string;
}

export interface TargetRollbackPlan {
  plan: Plan<RolloutEffects>;
  rollout: RolloutId;
  /** Why `to` itself cannot come again; empty where it does. */
  reasons: string[];
}

/**
 * Why the release cannot come again as it is: its keys are gone, it would bring
 * other fields of the service than the service has, or nothing runs it any more.
 * Throws UserError where it cannot come back at all.
 */
export function findReasons(input: TargetRollbackInput): string[] {
  const { settings, state, to } = input;
  const { env } = settings;
  const found = listReasons(settings, state, parametersOf(to, env));
  refuseObstacle(input, found);
  const { service } = state;
  const now = service === undefined ? {} : ownFieldsOf(service);
  const kept = listChangesSinceServed(to, env, now).map(
    (change) => `the service stays as it is: ${change}`,
  );
  return [...found.deadKeys, ...kept, ...listRetired(to)];
}

/**
 * Cloud Deploy runs a release with the versions of its tools that it was made with,
 * while they are supported. Skaffold's has a condition of its own beside those of all tools.
 */
function listRetired({ condition = {}, skaffoldVersion = "" }: Release) {
  const skaffold = condition.skaffoldSupportedCondition?.skaffoldSupportState;
  if (skaffold === "SKAFFOLD_SUPPORT_STATE_UNSUPPORTED") {
    return [`Cloud Deploy no longer supports its Skaffold ${skaffoldVersion}`];
  }
  return TOOLS.filter(
    (tool) =>
      condition[`${tool}VersionSupportedCondition`]?.toolVersionSupportState ===
      "TOOL_VERSION_SUPPORT_STATE_UNSUPPORTED",
  ).map((tool) => `Cloud Deploy no longer supports its version of ${tool}`);
}

/**
 * Rolls a target back through Cloud Deploy: the old release again, or (`remade`)
 * a new one of the same source, image and configuration with today's keys, in
 * the service as it is.
 */
export function planTargetRollback(
  input: TargetRollbackInput,
  reasons: string[],
  remade: Remade | undefined,
): TargetRollbackPlan {
  const { place, settings, to, rollouts } = input;
  const { env } = settings;
  const release =
    remade === undefined
      ? idOf(to)
      : numbered(`${idOf(to)}-now`, remade.remakes.length + 1);
  const id = nextRollout(release, env, rollouts);
  return {
    rollout: id,
    reasons,
    plan: compact<RolloutEffects>([
      [stopSteps(input)],
      [
        [
          remade === undefined
            ? returnStep(place, id)
            : remakeStep(place, to, remade, id),
          // The operator has just agreed.
          ...(needsApproval(to, env) ? [approveIfAskedStep(place, id)] : []),
          followStep(place, id),
          ...(input.isPromoted ? [keepFromPromotionStep(place, id)] : []),
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

function remakeStep(
  place: PipelinePlace,
  to: Release,
  { files, records, now }: Remade,
  id: RolloutId,
): Step {
  const { image = "", configVersion = "" } = to.deployParameters ?? {};
  const build = (
    source: string,
    annotations = formatRecords(records),
  ): Command =>
    commands.createRelease(place, {
      release: id.release,
      target: id.target,
      phase: "stable",
      source,
      parameters: { image, configVersion, released: now },
      annotations: { [RESTORES]: idOf(to), ...annotations },
      rolloutAnnotations: { [RESTORES]: idOf(to) },
    });
  return {
    title: `Make ${id.release} of ${idOf(to)}, and roll it out`,
    preview: [
      formatSource(files),
      formatCommand(build(bashExpression("$source"))),
      'rm -r "$source"',
    ].join("\n"),
    shown: formatCommand(build("…", shortenRecords(records))),
    run: async ({ gcloud }) => {
      await withSource(files, (directory) => gcloud(build(directory)));
    },
  };
}

/** Today's keys in the place of a release's, as parameters. */
export function todaysKeys(
  settings: Settings,
  { secrets }: State,
  pins: Pins["keys"],
): ManifestParameters {
  const keys = Object.entries(pins).map(([name, pin]) => {
    const key = settings.keys.find((one) => one.name === name);
    return { ...keyNamed(name), secret: key?.secret ?? pin.secret };
  });
  const versions = keys.map(({ name, secret }) => {
    const newest = newestEnabled(secrets.keys[name]);
    return [name, requireVersion(settings, secret, newest)] as const;
  });
  return toKeyParameters({ keys }, Object.fromEntries(versions));
}
