// Where things are; settings and pipelines have more than these.

export interface InProject {
  projectId: string;
}

export interface InRegion extends InProject {
  region: string;
}

/** A Cloud Run service. */
export interface ServiceId extends InRegion {
  service: string;
}

/** A delivery pipeline of Cloud Deploy. */
export interface PipelineId extends InRegion {
  pipeline: string;
}

/** `name=value,…`, as gcloud takes labels, aliases and substitutions. */
export function formatPairs(
  map: Readonly<Record<string, string | number>>,
): string {
  return Object.entries(map)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(",");
}

export function inProject({ projectId }: InProject): string {
  return `--project=${projectId}`;
}

export function inRegion(place: InRegion): string[] {
  return [`--region=${place.region}`, inProject(place)];
}
