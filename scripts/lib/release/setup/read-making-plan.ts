import type { Confirmation } from "../../cli/confirm.ts";
import { readGithubPlan } from "../../pipeline/github/plan-github.ts";
import type { PipelineEffects } from "../../pipeline/effects.ts";
import { planSetup } from "../../pipeline/plan-setup.ts";
import type { PipelineSession } from "../../pipeline/session.ts";
import { type SetupState, toWatched } from "../../pipeline/setup-state.ts";
import type { SourceRepository } from "../../pipeline/triggers.ts";
import { type Plan, type Step, compact } from "../../plan/step.ts";
import {
  readAlertsLeft,
  readAlertsPlan,
} from "../../service/alerts/env-alerts.ts";
import type { GithubSource } from "../../service/github/source.ts";
import type { Amount } from "../../service/alerts/options.ts";
import {
  type BuildsAsked,
  describeImages,
  planBuilds,
  readImages,
} from "../builds.ts";

/** What a set-up of the pipeline is asked to make besides the pipeline. */
export interface MakingAsked {
  /** Where Cloud Build's triggers are to come from. */
  source: SourceRepository | undefined;
  /** The repository whose workflow is to release. */
  github: GithubSource | undefined;
  /** Where alerts are to go. */
  email: string | undefined;
  /** Of each project, told to the same address. */
  budget: Amount | undefined;
  builds: BuildsAsked;
}

export interface SetupPlan {
  plan: Plan<PipelineEffects>;
  /** What stays, and why. */
  kept: string[];
  /** What is left out, and why. */
  notes: string[];
  confirmation?: Confirmation | undefined;
  /** GitHub's part, with the numbers that are known of it. */
  github?: GithubSource | undefined;
}

/** The pipeline, then the alerts of its envs, the images, and the workflow last: once that is there, a push releases. */
export async function readMakingPlan(
  session: PipelineSession,
  state: SetupState,
  { source, github: asked, email, budget, builds }: MakingAsked,
): Promise<SetupPlan> {
  const { place, file } = session;
  const pipeline = planSetup({ place, file, source }, state);
  const watched = toWatched(session, state);
  const alerts = await (email === undefined
    ? readAlertsLeft(watched)
    : readAlertsPlan(watched, { email, budget }));
  const images = await planImages(session, builds);
  const github =
    asked === undefined
      ? undefined
      : await readGithubPlan(session, asked, state);
  return {
    plan: compact([
      ...pipeline,
      ...alerts.plan,
      [images],
      ...(github?.plan ?? []),
    ]),
    kept: alerts.kept,
    notes: alerts.notes,
    confirmation: github?.confirmation,
    github: github?.source,
  };
}

/** Throws UserError where a tools image was named that is not there, before anything is changed. */
async function planImages(
  session: PipelineSession,
  { build, tools }: BuildsAsked,
): Promise<Step[]> {
  if (!build && tools === undefined) return [];
  const images = await readImages(session, tools);
  return build ? planBuilds(session.stages[0], session.place, images) : [];
}

/** What is still to be built before a release, for people. */
export async function readUnbuilt(
  session: PipelineSession,
  { tools }: BuildsAsked,
): Promise<string[]> {
  const images = await readImages(session, tools);
  return describeImages(session.stages[0], images, tools);
}
