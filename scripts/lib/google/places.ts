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

export function inProject({ projectId }: InProject): string {
  return `--project=${projectId}`;
}

export function inRegion(place: InRegion): string[] {
  return [`--region=${place.region}`, inProject(place)];
}
