import { ApiError } from "../google/api-error.ts";
import type { ReadApi } from "../google/rest.ts";
import type { Revision } from "../manifest/knative.ts";
import { placeOf } from "../pipeline/place.ts";
import { readRollouts } from "../release/read-releases.ts";
import { releaseOf } from "../release/release-state.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineStatus } from "./env-status.ts";

/** As many as tell what goes on. */
const MOST_ROLLOUTS = 3;

/** By the labels that Cloud Deploy puts on what it deploys, read in the pipeline's own project; null where it did not deploy the revision, or the caller may not see its rollouts. */
export async function readPipelineStatus(
  readAs: (projectId: string) => ReadApi,
  settings: Settings,
  { metadata }: Revision,
): Promise<PipelineStatus | null> {
  const labels = metadata.labels ?? {};
  const pipeline = labels["delivery-pipeline-id"];
  const target = labels["target-id"];
  const region = labels.location;
  const projectId = labels["project-id"];
  if (
    labels["managed-by"] !== "google-cloud-deploy" ||
    pipeline === undefined ||
    target === undefined ||
    region === undefined ||
    projectId === undefined
  ) {
    return null;
  }
  const place = placeOf({ projectId, region, pipelineRegion: "" }, pipeline);
  try {
    const rollouts = await readRollouts(readAs(projectId), place, target);
    return {
      pipeline: `projects/${projectId}/locations/${region}/deliveryPipelines/${pipeline}`,
      rollouts: rollouts
        .filter(
          ({ state }, index) =>
            index < MOST_ROLLOUTS || state === "PENDING_APPROVAL",
        )
        .map((rollout) => ({
          rollout: rollout.name.split("/").at(-1) ?? rollout.name,
          release: releaseOf(rollout),
          state: rollout.state,
          created: rollout.createTime ?? "",
          needsApproval: rollout.state === "PENDING_APPROVAL",
        })),
    };
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return null;
    throw error;
  }
}
