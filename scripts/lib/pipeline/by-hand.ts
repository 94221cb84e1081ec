import { formatCommand } from "../google/gcloud.ts";
import type { DeliveryState } from "./pipeline-state.ts";
import type { DeliveryPlace } from "./place.ts";
import { submitBuild } from "../google/commands/setup.ts";
import { type SourceRepository, isOurTrigger } from "./triggers.ts";

/** What a setup cannot do, and where it is done. */
export function listByHand(
  place: DeliveryPlace,
  { triggers }: Pick<DeliveryState, "triggers">,
  source: SourceRepository | undefined,
): string[] {
  const { projectId, region } = place;
  const release = `Release: ${formatCommand(submitBuild(place))}`;
  if (source !== undefined || triggers.some(isOurTrigger)) {
    return [`${release}\n  or push to main.`];
  }
  return [
    release,
    [
      "Release at every push to main: connect the repository in a browser,",
      `  https://console.cloud.google.com/cloud-build/repositories/2nd-gen;region=${region}?project=${projectId}`,
      "then make the triggers:",
      `  npx tsx scripts/setup.ts --repository=projects/${projectId}/locations/${region}/connections/CONNECTION/repositories/REPOSITORY`,
    ].join("\n"),
  ];
}
