import { scriptCommand } from "../cli/script-command.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { PipelineState } from "./pipeline-state.ts";
import type { PipelinePlace } from "./place.ts";
import { letReadSource, submitBuild } from "../google/commands/builds.ts";
import { accountEmail } from "./accounts.ts";
import { type SourceRepository, isOurTrigger } from "./triggers.ts";

/** "Restricted regions for some projects" (Cloud Build docs, "Cloud Build locations", 18 August 2025). */
const ALWAYS_BUILD = [
  "us-central1",
  "us-west2",
  "europe-west1",
  "asia-east1",
  "australia-southeast1",
  "southamerica-east1",
];

/** What a setup cannot do, and where it is done. */
export function listByHand(
  place: PipelinePlace,
  { triggers }: Pick<PipelineState, "triggers">,
  source: SourceRepository | undefined,
): string[] {
  const { projectId, region } = place;
  const restricted = ALWAYS_BUILD.includes(region)
    ? []
    : [
        `Some projects may build in ${ALWAYS_BUILD.join(", ")} only. Where a build in ${region} is refused, set PIPELINE_REGION to one of them in the first stage's env, and set up again.`,
      ];
  const release = `Release: ${formatCommand(submitBuild(place))}`;
  if (source !== undefined || triggers.some(isOurTrigger)) {
    return [
      `${release}\n  or push to main.`,
      ...letFetch(place, source),
      ...restricted,
    ];
  }
  return [
    release,
    [
      "Release at every push to main: connect the repository in a browser,",
      `  https://console.cloud.google.com/cloud-build/repositories/2nd-gen;region=${region}?project=${projectId}`,
      "then make the triggers:",
      `  ${scriptCommand("setup", `--repository=projects/${projectId}/locations/${region}/connections/CONNECTION/repositories/REPOSITORY`)}`,
    ].join("\n"),
    ...restricted,
  ];
}

/** Builds fetch what they build as their own account. Who connected the repository gives the role. */
function letFetch(
  place: PipelinePlace,
  source: SourceRepository | undefined,
): string[] {
  if (source === undefined || !("repository" in source)) return [];
  const [, connection = ""] =
    /\/connections\/([^/]+)\//.exec(source.repository) ?? [];
  const commands = (["build", "check"] as const).map((account) => {
    const email = accountEmail(place.projectId, account);
    return `  ${formatCommand(letReadSource(place, connection, email))}`;
  });
  return [
    [
      "Where a build may not fetch the repository (each account may then read every repository of this connection, litellm-check too, which runs pull requests):",
      ...commands,
    ].join("\n"),
  ];
}
