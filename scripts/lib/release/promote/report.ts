import { scriptCommand } from "../../cli/script-command.ts";
import type { PromotePlan } from "./plan-promote.ts";
import { titlesOf } from "../../plan/step.ts";
import { readWaitingRuns } from "../read-releases.ts";
import { isPromoted } from "../../pipeline/automations.ts";
import { type ReleaseSummary, summarizeRelease } from "../describe-move.ts";
import type { PipelineSession } from "../../pipeline/session.ts";
import type { FoundPromotion } from "./read-promotion.ts";
import { renderPipeline } from "../../pipeline/render-pipeline.ts";

/** What a promotion ends with; `--json` prints it. */
export interface PromoteOutcome {
  pipeline: string;
  project: string;
  region: string;
  target: string;
  /** What the target had. */
  from: ReleaseSummary | undefined;
  to: ReleaseSummary;
  rollout: string;
  /** Whether the rollout still waits for approval. */
  waits: boolean;
  steps: string[];
}

export function toPromoteOutcome(
  { place }: PipelineSession,
  { promotion, release, current }: FoundPromotion,
  { plan, rollout, waits }: PromotePlan,
): PromoteOutcome {
  return {
    pipeline: place.pipeline,
    project: place.projectId,
    region: place.region,
    target: promotion.target,
    from: current && summarizeRelease(current, promotion.target),
    to: summarizeRelease(release, promotion.target),
    rollout: rollout.rollout,
    waits,
    steps: titlesOf(plan),
  };
}

/** For people: where the release is, and what comes after it. */
export async function readPromotionStory(
  { read, place, file, stages }: PipelineSession,
  { target, to, steps }: PromoteOutcome,
  { waits }: PromotePlan,
): Promise<string> {
  if (waits) {
    return `\nRelease ${to.release} waits for approval: ${scriptCommand("promote", target, "--approve")}`;
  }
  const first =
    steps.length === 0
      ? `Nothing to do: ${target} has release ${to.release}.`
      : `Done: release ${to.release} serves in ${target}, verified.`;
  const next = stages[stages.findIndex((s) => s.env === target) + 1]?.env;
  if (next === undefined) return `\n${first}`;
  const runs = await readWaitingRuns(read, place, target);
  const run = runs.find((r) => r.promoteReleaseOperation !== undefined);
  const resources = renderPipeline(file, stages);
  const when =
    run?.waitUntilTime === undefined ? "" : ` at ${run.waitUntilTime}`;
  const then = isPromoted(resources, target)
    ? `Cloud Deploy takes it to ${next} by itself${when}. To follow it, or not to wait: ${scriptCommand("promote", next)}`
    : `Take it further: ${scriptCommand("promote", next)}`;
  return `\n${first}\n${then}`;
}
