import { type RegistryImage, nameMirror } from "./image.ts";
import type { DeliveryPlace } from "../pipeline/place.ts";
import type { Command } from "../google/gcloud.ts";
import type { Settings } from "../settings/settings.ts";
import { type Step, gcloudStep } from "../plan/step.ts";

/**
 * What brings the image of a release into the registry: nothing where it is
 * there, else one build of cloudbuild.mirror.yaml, which checks LiteLLM's
 * signature. Read the image again after it.
 */
export function planImage(
  settings: Settings,
  place: DeliveryPlace,
  image: RegistryImage,
): Step[] {
  if (image.pinned !== undefined) return [];
  return [
    gcloudStep(
      `Mirror ${settings.image} into ${place.images}`,
      mirrorImage(settings, place),
    ),
  ];
}

/** Ends when the build has ended, and fails when it failed. */
function mirrorImage(settings: Settings, place: DeliveryPlace): Command {
  const substitutions = [
    `_IMAGE=${settings.image}`,
    `_MIRROR=${nameMirror(settings, place)}`,
    `_WARM=${String(settings.warm)}`,
  ];
  return {
    args: [
      ...["builds", "submit", "--no-source", "--suppress-logs"],
      "--config=cloudbuild.mirror.yaml",
      `--substitutions=${substitutions.join(",")}`,
      `--region=${place.region}`,
      `--project=${place.projectId}`,
    ],
  };
}
