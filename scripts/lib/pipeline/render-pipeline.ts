import { stringify } from "yaml";
import type { Settings } from "../settings/settings.ts";
import { LABEL } from "../service/ownership.ts";
import { accountEmail } from "./accounts.ts";
import type { PipelineFile, PipelineStage, Resource } from "./pipeline-file.ts";
import { withProfiles } from "./phases.ts";
import { type PipelinePlace, placeOf } from "./place.ts";

/**
 * What `gcloud deploy apply` is to make: the template's documents with a target
 * a stage, where the env is. What else an env says travels with each release.
 * `stages` are in the file's order.
 */
export function renderPipeline(
  file: PipelineFile,
  stages: readonly Settings[],
): Resource[] {
  const [first] = stages;
  if (first === undefined) return [];
  const place = placeOf(first, file.pipeline.metadata.name);
  const targets = stages.flatMap((settings) => {
    const stage = file.stages.find((s) => s.env === settings.env);
    return stage === undefined
      ? []
      : [renderTarget(file, place, stage, settings)];
  });
  const automations = file.automations.map((automation) => ({
    ...mark(automation),
    serviceAccount: accountEmail(place.projectId, "automation"),
  }));
  return [mark(withProfiles(file)), ...targets, ...automations];
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
  { projectId, region, service }: Settings,
): Resource {
  const special = file.targets.find((t) => t.metadata.name === stage.env);
  const target: Resource = {
    apiVersion: file.pipeline.apiVersion,
    kind: "Target",
    metadata: { name: stage.env },
    description: `${service} in ${projectId}, ${region}`,
    ...special,
    run: { location: `projects/${projectId}/locations/${region}` },
    executionConfigs: executionConfigs(place),
  };
  // What automations select targets by.
  return mark(target, {
    strategy: stage.strategy,
    first: String(file.stages[0]?.env === stage.env),
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
      // What comes before a phase reads what verifies it reads.
      usages: ["VERIFY", "PREDEPLOY"],
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
