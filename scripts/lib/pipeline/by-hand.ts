import { scriptCommand } from "../cli/script-command.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { PipelineState } from "./pipeline-state.ts";
import type { PipelinePlace } from "./place.ts";
import { submitBuild } from "../google/commands/builds.ts";
import { type SourceRepository, isOurTrigger } from "./triggers.ts";

/** What a setup cannot do, and where it is done. */
export function listByHand(
  place: PipelinePlace,
  { triggers }: Pick<PipelineState, "triggers">,
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
      `  ${scriptCommand("setup", `--repository=projects/${projectId}/locations/${region}/connections/CONNECTION/repositories/REPOSITORY`)}`,
    ].join("\n"),
  ];
}
