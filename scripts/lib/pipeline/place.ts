import type { Settings } from "../settings/settings.ts";

/** Where the pipeline lives: project and region of its first stage's env. */
export interface DeliveryPlace {
  projectId: string;
  region: string;
  /** The pipeline's name. */
  pipeline: string;
  /** The staging bucket's name, without gs://: release sources, and what rollouts leave. */
  bucket: string;
  /** The Artifact Registry repository's name. */
  repository: string;
  /** `REGION-docker.pkg.dev/PROJECT/REPOSITORY`: image names begin with it. */
  images: string;
}

export function placeOf(firstStage: Settings, pipeline: string): DeliveryPlace {
  const { projectId, region } = firstStage;
  const repository = "litellm";
  return {
    ...{ projectId, region, pipeline, repository },
    // A dot in a bucket's name would have to be a domain of ours.
    bucket: `${projectId.replaceAll(/[.:]/g, "-")}-litellm-cloudrun`,
    images: `${region}-docker.pkg.dev/${projectId.replace(":", "/")}/${repository}`,
  };
}
