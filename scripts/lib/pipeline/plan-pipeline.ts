import { listDifferences, listMissing } from "./compare-resource.ts";
import { PIPELINE_FILE, type Resource } from "./pipeline-file.ts";
import type { PipelinePlace } from "./place.ts";
import { formatPipeline } from "./render-pipeline.ts";
import * as commands from "../google/commands/deploy.ts";
import type { PipelineEffects } from "./effects.ts";
import { UserError } from "../cli/errors.ts";
import { GcloudError, formatCommand } from "../google/gcloud.ts";
import {
  type CloudResource,
  type PipelineResources,
  idOf,
} from "./pipeline-state.ts";
import { LABEL } from "../service/ownership.ts";
import { type Step, gcloudStep } from "../plan/step.ts";

/** Applies the rendered pipeline where something of it differs, then removes ours that is no longer in it. */
export function planPipeline(
  place: PipelinePlace,
  resources: readonly Resource[],
  state: PipelineResources,
): Step<PipelineEffects>[] {
  refuseForeignResources(resources, state);
  const differing = listDiffering(resources, state);
  return [
    ...(differing.length === 0 ? [] : [applyStep(place, resources, differing)]),
    ...listLeft(resources, state.automations).map((name) =>
      gcloudStep(
        `Delete automation ${name}: ${place.pipeline} no longer has it`,
        commands.deleteAutomation(place, name),
      ),
    ),
    ...listLeft(resources, state.targets).map((name) =>
      gcloudStep(
        `Delete target ${name}: it is no longer a stage`,
        commands.deleteTarget(place, name),
      ),
    ),
  ];
}

/** `deploy apply` exits with 0 even where an operation failed, so the result is read back. */
function applyStep(
  place: PipelinePlace,
  resources: readonly Resource[],
  differing: string[],
): Step<PipelineEffects> {
  const command = commands.applyResources(place, formatPipeline(resources));
  return {
    title: `Apply to Cloud Deploy: ${differing.join(", ")}`,
    preview: formatCommand(command),
    command,
    run: async ({ gcloud, readPipelineResources }) => {
      await gcloud(command).catch(explainEmptyPhase);
      const left = listDiffering(
        resources,
        await readPipelineResources(),
        listMissing,
      );
      if (left.length === 0) return;
      throw new UserError(
        `Cloud Deploy did not take ${left.join(", ")} as it was applied`,
        {
          hint: `See what it holds: ${formatCommand(commands.describePipeline(place))}`,
        },
      );
    },
  };
}

/**
 * That a phase of a custom canary may have 0 % is documented nowhere; it is of a
 * canary by percentages (discovery document of Cloud Deploy v1).
 */
function explainEmptyPhase(error: unknown): never {
  if (!(error instanceof GcloudError) || !/percentage/i.test(error.stderr)) {
    throw error;
  }
  throw new UserError(error.message, {
    cause: error,
    hint: `Where it is the phase of 0 % that Cloud Deploy refuses, let each canary of ${PIPELINE_FILE} begin with 1 %: percentages: [1] in place of [0], [1, 10, 50] in place of [0, 10, 50]. One request of a hundred then reaches a revision before it is verified.`,
  });
}

/** `target dev (deployParameters.memory)`; what is not there yet by its name alone. */
function listDiffering(
  resources: readonly Resource[],
  state: PipelineResources,
  list = listDifferences,
): string[] {
  return resources.flatMap((resource) => {
    const actual = findResource(resource, state);
    if (actual === undefined) return [describeResource(resource)];
    const paths = list(resource, actual).map(({ path }) => path);
    return paths.length === 0
      ? []
      : [`${describeResource(resource)} (${paths.join(", ")})`];
  });
}

export function findResource(
  { kind, metadata }: Resource,
  { pipeline, targets, automations }: PipelineResources,
): CloudResource | undefined {
  if (kind === "DeliveryPipeline") return pipeline;
  const id = metadata.name.split("/").at(-1);
  const list = kind === "Target" ? targets : automations;
  return list.find((found) => idOf(found) === id);
}

export function describeResource({ kind, metadata }: Resource): string {
  const words = kind === "DeliveryPipeline" ? "pipeline" : kind.toLowerCase();
  return `${words} ${metadata.name.split("/").at(-1) ?? ""}`;
}

/** Ours that the rendered pipeline does not have. */
function listLeft(
  resources: readonly Resource[],
  found: readonly CloudResource[],
): string[] {
  const names = resources
    .filter((r) => r.kind !== "DeliveryPipeline")
    .map((r) => r.metadata.name.split("/").at(-1));
  return found
    .filter((r) => isOurResource(r) && !names.includes(idOf(r)))
    .map(idOf);
}

function refuseForeignResources(
  resources: readonly Resource[],
  state: PipelineResources,
): void {
  const foreign = resources.filter((resource) => {
    const found = findResource(resource, state);
    return found !== undefined && !isOurResource(found);
  });
  if (foreign.length === 0) return;
  throw new UserError(
    `Cloud Deploy already has, without this project's mark: ${foreign.map(describeResource).join(", ")}. Nothing was changed.`,
    {
      hint: "Choose other names in clouddeploy.yaml, or remove what is there.",
    },
  );
}

export function isOurResource(resource: CloudResource): boolean {
  return resource.labels?.[LABEL] !== undefined;
}
