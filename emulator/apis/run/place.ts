import type { Context } from "hono";
import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { REGIONS } from "./regions.ts";
import { serviceKey } from "./service-commands.ts";
import { type RunRevision, type RunService, runOf } from "./state.ts";

/** Both forms of Cloud Run's resource names: that of Knative, for regional hosts, and Google's own. */
export const PARENTS = [
  "/apis/serving.knative.dev/v1/namespaces/:project",
  "/v1/projects/:project/locations/:location",
] as const;

/** The region's own host, e.g. `us-central1-run.googleapis.com`, or the global one. */
export const HOSTS = /^(?:([a-z]+-[a-z]+\d+)-)?run\.googleapis\.com$/;

export interface Place {
  project: Project;
  /** `-` where all regions are meant. */
  region: string;
}

/** Where a request goes. Throws NOT_FOUND outside Cloud Run's regions. */
export function placeOf(c: Context, cloud: Cloud): Place {
  const project = cloud.project(c.req.param("project") ?? "");
  const host = HOSTS.exec(new URL(c.req.url).hostname)?.[1];
  const region = c.req.param("location") ?? host ?? "";
  if (region !== "-" && !Object.hasOwn(REGIONS, region)) {
    throw new GoogleError(
      "NOT_FOUND",
      region === ""
        ? "Requested entity was not found. Ask for a namespace at a regional host, such as us-central1-run.googleapis.com."
        : `Location ${region} is not found or access is unauthorized.`,
    );
  }
  if (host !== undefined && host !== region && region !== "-") {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Location ${region} cannot be accessed at the endpoint of ${host}.`,
    );
  }
  return { project, region };
}

/** The services of a place, by name. */
export function listServices({ project, region }: Place): RunService[] {
  return [...runOf(project).services.values()]
    .filter((service) => region === "-" || service.region === region)
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Throws NOT_FOUND. */
export function findService(place: Place, name: string): RunService {
  const { project, region } = place;
  const service = runOf(project).services.get(serviceKey(region, name));
  if (service === undefined) throw notFound(place, "SERVICE", name);
  return service;
}

/** Where the service answers. Throws NOT_FOUND, also while it has never been ready. */
export function serviceUrl(place: Place, name: string): string {
  const { frontEnd } = findService(place, name);
  if (frontEnd === undefined) throw notFound(place, "ROUTE", name);
  return frontEnd.url;
}

/** Throws NOT_FOUND. */
export function findRevision(
  place: Place,
  name: string,
): { service: RunService; revision: RunRevision } {
  for (const service of listServices(place)) {
    const revision = service.revisions.get(name);
    if (revision !== undefined) return { service, revision };
  }
  throw notFound(place, "REVISION", name);
}

function notFound(place: Place, kind: string, name: string): GoogleError {
  return new GoogleError(
    "NOT_FOUND",
    `Resource '${name}' of kind '${kind}' in region '${place.region}' in project '${place.project.projectId}' does not exist.`,
  );
}
