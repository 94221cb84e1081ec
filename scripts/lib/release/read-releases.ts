import type { PipelinePlace } from "../pipeline/place.ts";
import { readPages } from "../google/pages.ts";
import type { ReadApi } from "../google/rest.ts";
import type {
  AutomationRun,
  JobRun,
  Release,
  Rollout,
} from "./release-state.ts";

export async function readRelease(
  read: ReadApi,
  place: PipelinePlace,
  release: string,
): Promise<Release | undefined> {
  const path = `${pipelinePath(place)}/releases/${release}`;
  return (await read({ api: "clouddeploy", path })) as Release | undefined;
}

/** The releases called `base`, `base-2`, `base-3` and so on, as far as there are any. */
export async function readReleases(
  read: ReadApi,
  place: PipelinePlace,
  base: string,
): Promise<Release[]> {
  const found: Release[] = [];
  for (;;) {
    const name = numbered(base, found.length + 1);
    const release = await readRelease(read, place, name);
    if (release === undefined) return found;
    found.push(release);
  }
}

/** `base` itself first, then `base-2`. */
export function numbered(base: string, number: number): string {
  return number === 1 ? base : `${base}-${String(number)}`;
}

/** A target's rollouts, of whatever release, the newest first. */
export async function readRollouts(
  read: ReadApi,
  place: PipelinePlace,
  target: string,
): Promise<Rollout[]> {
  return readPages<Rollout>(read, {
    api: "clouddeploy",
    path: `${pipelinePath(place)}/releases/-/rollouts`,
    field: "rollouts",
    query: { filter: `targetId="${target}"`, orderBy: "CreateTime desc" },
  });
}

/** `name`: the full one. */
export async function readRollout(
  read: ReadApi,
  name: string,
): Promise<Rollout | undefined> {
  return (await read({ api: "clouddeploy", path: `v1/${name}` })) as
    Rollout | undefined;
}

export async function readJobRun(
  read: ReadApi,
  name: string,
): Promise<JobRun | undefined> {
  return (await read({ api: "clouddeploy", path: `v1/${name}` })) as
    JobRun | undefined;
}

/** What automations are still to do because of a target's rollouts. */
export async function readWaitingRuns(
  read: ReadApi,
  place: PipelinePlace,
  target: string,
): Promise<AutomationRun[]> {
  const runs = await readPages<AutomationRun>(read, {
    api: "clouddeploy",
    path: `${pipelinePath(place)}/automationRuns`,
    field: "automationRuns",
    query: { filter: `targetId="${target}"` },
  });
  return runs.filter(({ state }) => ["PENDING", "IN_PROGRESS"].includes(state));
}

/** The full name of a rollout. */
export function rolloutName(
  place: PipelinePlace,
  release: string,
  rollout: string,
): string {
  return `${pipelinePath(place).slice("v1/".length)}/releases/${release}/rollouts/${rollout}`;
}

function pipelinePath({ projectId, region, pipeline }: PipelinePlace): string {
  return `v1/projects/${projectId}/locations/${region}/deliveryPipelines/${pipeline}`;
}
