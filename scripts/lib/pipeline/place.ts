import type { RepositoryId } from "../google/commands/artifacts.ts";
import type { BucketId } from "../google/commands/storage.ts";
import type { PipelineId } from "../google/places.ts";
import type { Holder } from "../google/policy.ts";
import type { Settings } from "../settings/settings.ts";

/** Where the pipeline lives, and what of its own it has there: project of its first stage's env, and its region or PIPELINE_REGION. */
export interface PipelinePlace extends PipelineId, RepositoryId, BucketId {
  /** `REGION-docker.pkg.dev/PROJECT/REPOSITORY`: image names begin with it. */
  images: string;
}

export function placeOf(
  firstStage: Pick<Settings, "projectId" | "region" | "pipelineRegion">,
  pipeline: string,
): PipelinePlace {
  const { projectId, pipelineRegion } = firstStage;
  const region = pipelineRegion === "" ? firstStage.region : pipelineRegion;
  const repository = "litellm";
  return {
    projectId,
    region,
    pipeline,
    repository,
    // A dot in a bucket's name would have to be a domain of ours. In it: release sources, and what rollouts leave.
    bucket: `${projectId.replaceAll(/[.:]/g, "-")}-litellm-cloudrun`,
    images: `${region}-docker.pkg.dev/${projectId.replace(":", "/")}/${repository}`,
  };
}

export function repositoryOf(place: PipelinePlace): Holder {
  const { projectId, region, repository: name } = place;
  return { kind: "repository", projectId, region, name };
}

export function bucketOf({ projectId, bucket: name }: PipelinePlace): Holder {
  return { kind: "bucket", projectId, name };
}
