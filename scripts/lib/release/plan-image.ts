import { type RegistryImage, nameMirror } from "./image.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import { runBuild } from "../google/commands/builds.ts";
import type { Settings } from "../settings/settings.ts";
import type { Step } from "../plan/step.ts";
import { buildStep } from "./build-step.ts";

/**
 * What brings the image of a release into the registry: nothing where it is
 * there, else one build of cloudbuild.mirror.yaml, which checks LiteLLM's
 * signature. Read the image again after it.
 */
export function planImage(
  settings: Settings,
  place: PipelinePlace,
  image: RegistryImage,
): Step[] {
  if (image.pinned !== undefined) return [];
  return [
    buildStep(
      place,
      `Mirror ${settings.image} into ${place.images}`,
      runBuild(place, "cloudbuild.mirror.yaml", {
        _IMAGE: settings.image,
        _MIRROR: nameMirror(settings, place),
        _WARM: String(settings.warm),
      }),
    ),
  ];
}
