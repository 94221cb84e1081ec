import { scriptCommand } from "../cli/script-command.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { ReleasePlan } from "./plan-release.ts";
import { titlesOf } from "../plan/step.ts";
import { readRelease, readRollout, rolloutName } from "./read-releases.ts";
import type { PipelineSession } from "../pipeline/session.ts";
import { approveRollout } from "../google/commands/deploy.ts";

/** What a release ends with; `--json` prints it. */
export interface ReleaseOutcome {
  release: string;
  pipeline: string;
  project: string;
  region: string;
  /** The first stage. */
  target: string;
  rollout: string;
  /** `SUCCEEDED`, or `PENDING_APPROVAL`. */
  state: string;
  /** By digest. */
  image: string;
  configVersion: string;
  /** Titles of the steps that ran. */
  steps: string[];
}

export async function readReleaseOutcome(
  { read, place }: PipelineSession,
  { release, rollout: id, configVersion, plan }: ReleasePlan,
): Promise<ReleaseOutcome> {
  const [made, rollout] = await Promise.all([
    readRelease(read, place, release),
    readRollout(read, rolloutName(place, release, id.rollout)),
  ]);
  return {
    release,
    pipeline: place.pipeline,
    project: place.projectId,
    region: place.region,
    target: id.target,
    rollout: id.rollout,
    state: rollout?.state ?? "",
    image: made?.deployParameters?.image ?? "",
    configVersion,
    steps: titlesOf(plan),
  };
}

/** For people: where the release is, and how it goes on. */
export function describeRelease(
  { place, stages }: PipelineSession,
  { release, target, rollout, state, steps }: ReleaseOutcome,
): string {
  const next = stages[stages.findIndex((s) => s.env === target) + 1]?.env;
  if (state === "PENDING_APPROVAL") {
    const command = formatCommand(approveRollout(place, release, rollout));
    return `\nRelease ${release} waits for approval: ${command}`;
  }
  const where =
    steps.length === 0
      ? `Nothing to do: ${target} has release ${release}, of exactly this.`
      : `Done: release ${release} serves in ${target}, verified.`;
  return next === undefined
    ? `\n${where}`
    : `\n${where}\nTake it further: ${scriptCommand("promote", next)}`;
}
