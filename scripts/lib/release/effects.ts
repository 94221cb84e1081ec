import { holdGcloud, runGcloud } from "../google/gcloud.ts";
import { createLastingReader } from "../google/lasting-reader.ts";
import { isRepaired } from "../pipeline/automations.ts";
import type { PipelineEffects } from "../pipeline/effects.ts";
import { readPipelineResources } from "../pipeline/read-pipeline.ts";
import { renderPipeline } from "../pipeline/render-pipeline.ts";
import type { PipelineSession } from "../pipeline/session.ts";
import type { GcloudEffects, Holding } from "../plan/step.ts";
import type { PayloadEffects } from "../service/effects.ts";
import { awaitRendered, followRollout } from "./follow-rollout.ts";
import { cancelPromotions } from "./cancel-promotions.ts";
import { readImage } from "./image.ts";

/** What steps that change rollouts need. */
export interface RolloutEffects extends GcloudEffects {
  /** Follows a rollout (its full name) to its end. Throws when it failed. */
  follow: (rollout: string) => Promise<void>;
  /** The state of a rollout (its full name) once its release is rendered. */
  awaitRendered: (rollout: string) => Promise<string>;
  /** Cancels what automations are to promote because of a rollout (its full name) to a target. */
  cancelPromotions: (target: string, rollout: string) => Promise<void>;
}

/** What a release needs. */
export interface ReleaseEffects
  extends RolloutEffects, PipelineEffects, PayloadEffects {
  /** The image of the release by its digest, once a step has brought it into the registry. */
  readImage: () => Promise<string>;
}

export function createReleaseEffects(
  session: PipelineSession,
): ReleaseEffects & Holding {
  const { file, payloads, place, read, stages } = session;
  return {
    gcloud: runGcloud,
    hold: holdGcloud,
    payloads,
    readPipelineResources: () => readPipelineResources(read, place),
    readImage: async () => {
      const { name, pinned } = await readImage(read, stages[0], place);
      if (pinned !== undefined) return pinned;
      throw new Error(`${name} was mirrored, and is not there`);
    },
    awaitRendered: (name) =>
      awaitRendered(createLastingReader(read, place.projectId), name),
    cancelPromotions: (target, name) =>
      cancelPromotions(read, place, target, name),
    follow: async (name) => {
      const resources = renderPipeline(file, stages);
      const lasting = createLastingReader(read, place.projectId);
      await followRollout(lasting, place, name, {
        isRepaired: (target) => isRepaired(resources, target),
      });
    },
  };
}
