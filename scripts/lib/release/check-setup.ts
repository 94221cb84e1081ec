import { scriptCommand } from "../cli/script-command.ts";
import { UserError } from "../cli/errors.ts";
import { listDifferences } from "../pipeline/compare-resource.ts";
import type { Resource } from "../pipeline/pipeline-file.ts";
import type { PipelineResources } from "../pipeline/pipeline-state.ts";
import { describeResource, findResource } from "../pipeline/plan-pipeline.ts";

/**
 * What a release goes through was set up by somebody who may, so a push changes
 * nothing of it. Throws UserError where the release could not go through it;
 * returns what else differs, for people: it stays as it is there.
 */
export function checkSetup(
  resources: readonly Resource[],
  state: PipelineResources,
): string[] {
  const found = resources.flatMap((resource) => {
    const actual = findResource(resource, state);
    const name = describeResource(resource);
    if (actual === undefined) {
      return [{ text: `${name}: it is not there`, stops: stops(resource) }];
    }
    return listDifferences(resource, actual).map(
      ({ path, actual: from, desired: to }) => ({
        text: `${name}: ${path}: ${format(from)} → ${format(to)}`,
        stops: stops(resource, path),
      }),
    );
  });
  const stopping = found.filter((one) => one.stops).map((one) => one.text);
  if (stopping.length > 0) {
    throw new UserError(
      [
        "the pipeline in Cloud Deploy is not the one that this release would go through:",
        ...stopping,
        "Nothing was changed.",
      ].join("\n  "),
      {
        hint: `Whoever set it up applies it: ${scriptCommand("setup")}`,
      },
    );
  }
  return found.map((one) => one.text);
}

/** Stages and their phases are what the release is rendered for, a target's place is where it goes. */
function stops({ kind }: Resource, path?: string): boolean {
  if (kind === "DeliveryPipeline") return path !== "description";
  return kind === "Target" && (path === undefined || path.startsWith("run"));
}

function format(value: unknown): string {
  if (value === undefined) return "(not set)";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
