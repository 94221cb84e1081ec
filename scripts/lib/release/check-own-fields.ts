import { InputError, UserError } from "../cli/errors.ts";
import { scriptCommand } from "../cli/script-command.ts";
import {
  INGRESS,
  type OwnFields,
  listOwnChanges,
  valueOf,
} from "../service/own-fields.ts";
import { idOf } from "../pipeline/pipeline-state.ts";
import type { PipelineStage } from "../pipeline/pipeline-file.ts";
import type { Release } from "./release-state.ts";
import { type StageRecord, listChangesSinceServed } from "./stage-record.ts";

/** A stage of a release that is about to be made. */
export interface CheckedStage {
  stage: PipelineStage;
  record: StageRecord;
  /** The release that it has now. */
  current: Release | undefined;
}

/**
 * What guards and limits a service can come with a release only where a failure
 * brings back what was: throws where it would not, before anything is made.
 */
export function checkOwnFields(stages: readonly CheckedStage[]): void {
  for (const { stage, record, current } of stages) {
    const { before, after } = record;
    refuseUnreachable(stage, [before ?? {}, after]);
    if (before === undefined) continue;
    if (current !== undefined) refuseDrift(stage, current, before);
    if (stage.strategy === "standard") refuseAtOnce(stage, before, after);
  }
}

/** Cloud Deploy verifies from outside: from an ordinary pool of Cloud Build. */
function refuseUnreachable(
  { env }: PipelineStage,
  fields: readonly OwnFields[],
): void {
  const closed = fields
    .map((one) => valueOf(one, INGRESS))
    .find((ingress) => ingress !== "all");
  if (closed === undefined) return;
  throw new InputError(
    `${env}: ingress is ${closed}: Cloud Deploy's verification comes from outside and would be refused, so nothing could be released there`,
    {
      hint: `Set INGRESS=all in envs/${env}.env, or deploy the env by hand: DELIVERY=direct, and take its stage out of clouddeploy.yaml.`,
    },
  );
}

/** A repair rolls back to the release that is there, with the fields that it brought. */
function refuseDrift(
  { env }: PipelineStage,
  current: Release,
  before: OwnFields,
): void {
  const changes = listChangesSinceServed(current, env, before);
  if (changes.length === 0) return;
  throw new UserError(
    [
      `the service of ${env} is not as release ${idOf(current)} left it:`,
      ...changes,
      "Somebody changed it by hand, or a rollout is changing it now. A release that fails would be rolled back to what that release left, so nothing was made.",
    ].join("\n  "),
    {
      hint: `Keep what it is now, and make that what a repair goes back to: ${scriptCommand("rollback", env, `--to=${idOf(current)}`)}. Or put it back by hand.`,
    },
  );
}

/** Without a canary's phases the manifest comes before it is verified. */
function refuseAtOnce(
  { env, from }: PipelineStage,
  before: OwnFields,
  after: OwnFields,
): void {
  const changes = listOwnChanges(before, after);
  if (changes.length === 0) return;
  throw new InputError(
    [
      `${from}: ${env} has the strategy standard, where these would change before anything is verified:`,
      ...changes,
    ].join("\n  "),
    {
      hint: "Give the stage the strategy canary (percentages: [0] is enough): they come with its last phase then.",
    },
  );
}
