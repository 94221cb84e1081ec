import { stringify } from "yaml";
import type { KeyPins } from "../manifest/parameters.ts";
import type { Settings } from "../settings/settings.ts";
import { LABEL } from "../service/ownership.ts";
import { accountEmail } from "./accounts.ts";
import { targetParameters } from "./parameters.ts";
import type { PipelineFile, PipelineStage, Resource } from "./pipeline-file.ts";
import { type PipelinePlace, placeOf } from "./place.ts";

/** A stage of the pipeline: its env's settings, and the keys that it is to read. */
export interface RenderedStage {
  settings: Settings;
  /** Undefined before the first release. */
  pins?: KeyPins | undefined;
}

/**
 * What `gcloud deploy apply` is to make: the template's documents with a target
 * a stage, filled in from the envs. `stages` are in the file's order.
 */
export function renderPipeline(
  file: PipelineFile,
  stages: readonly RenderedStage[],
): Resource[] {
  const [first] = stages;
  if (first === undefined) return [];
  const place = placeOf(first.settings, file.pipeline.metadata.name);
  const targets = stages.flatMap((input) => {
    const stage = file.stages.find((s) => s.env === input.settings.env);
    return stage === undefined ? [] : [renderTarget(file, place, stage, input)];
  });
  const automations = file.automations.map((automation) => ({
    ...mark(automation),
    serviceAccount: accountEmail(place.projectId, "automation"),
  }));
  return [mark(file.pipeline), ...targets, ...automations];
}

/** The documents as text. gcloud reads YAML 1.1, where a bare `on` is no string. */
export function formatPipeline(resources: readonly Resource[]): string {
  return resources
    .map((resource) =>
      stringify(resource, {
        version: "1.1",
        lineWidth: 0,
        aliasDuplicateObjects: false,
      }),
    )
    .join("---\n");
}

function renderTarget(
  file: PipelineFile,
  place: PipelinePlace,
  stage: PipelineStage,
  { settings, pins }: RenderedStage,
): Resource {
  const special = file.targets.find((t) => t.metadata.name === stage.env);
  const { projectId, region } = settings;
  const target: Resource = {
    apiVersion: file.pipeline.apiVersion,
    kind: "Target",
    metadata: { name: stage.env },
    description: `${settings.service} in ${projectId}, ${region}`,
    ...special,
    run: { location: `projects/${projectId}/locations/${region}` },
    executionConfigs: executionConfigs(place),
    deployParameters: {
      ...(special?.deployParameters as Record<string, string> | undefined),
      ...targetParameters(settings, pins),
    },
  };
  // What automations select targets by.
  return mark(target, {
    strategy: stage.strategy,
    last: String(file.stages.at(-1)?.env === stage.env),
  });
}

function executionConfigs({ projectId, bucket }: PipelinePlace): object[] {
  const artifactStorage = `gs://${bucket}/rollouts`;
  return [
    {
      usages: ["RENDER", "DEPLOY"],
      serviceAccount: accountEmail(projectId, "execution"),
      artifactStorage,
    },
    {
      usages: ["VERIFY"],
      serviceAccount: accountEmail(projectId, "verify"),
      artifactStorage,
    },
  ];
}

/** The resource with this project's label, and others. */
function mark(
  resource: Resource,
  labels: Record<string, string> = {},
): Resource {
  const { metadata } = resource;
  return {
    ...resource,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [LABEL]: "true", ...labels },
    },
  };
}
