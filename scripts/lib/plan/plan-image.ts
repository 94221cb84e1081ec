import type { RegistryImage } from "../delivery/image.ts";
import type { DeliveryPlace } from "../delivery/place.ts";
import type { Settings } from "../settings/settings.ts";
import type { Step } from "./step.ts";

/**
 * What brings the image of a release into the registry: nothing where it is
 * there, else one build of cloudbuild.mirror.yaml. Read the image again after it.
 */
export function planImage(
  settings: Settings,
  place: DeliveryPlace,
  image: RegistryImage,
): Step[] {
  if (image.pinned !== undefined) return [];
  throw new Error(`${settings.image} is not in ${place.images} yet`);
}
