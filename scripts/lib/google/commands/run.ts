import type { Command } from "../gcloud.ts";
import { type ServiceId, inRegion } from "../places.ts";

/** `manifest`: YAML. */
export function replaceService(place: ServiceId, manifest: string): Command {
  return {
    args: [
      "run",
      "services",
      "replace",
      "-",
      ...inRegion(place),
      "--format=json",
    ],
    input: manifest,
  };
}

export function describeService(place: ServiceId): Command {
  return {
    args: [
      "run",
      "services",
      "describe",
      place.service,
      ...inRegion(place),
      "--format=json",
    ],
  };
}

export function listRevisions(place: ServiceId): Command {
  return {
    args: [
      "run",
      "revisions",
      "list",
      `--service=${place.service}`,
      ...inRegion(place),
      "--format=json",
    ],
  };
}

/** Prints True, False or Unknown: whether a revision is ready. */
export function readReadiness(place: ServiceId, revision: string): Command {
  return {
    args: [
      "run",
      "revisions",
      "describe",
      revision,
      ...inRegion(place),
      "--format=value(status.conditions[0].status)",
    ],
  };
}

export interface TrafficChange {
  /** The revision that takes all traffic. */
  to?: string;
  /** All traffic follows the latest ready revision again. */
  toLatest?: true;
  removeTags?: readonly string[];
  /** Tag → revision. */
  updateTags?: Readonly<Record<string, string>>;
}

export function updateTraffic(
  place: ServiceId,
  change: TrafficChange,
): Command {
  const { to, toLatest, removeTags = [], updateTags = {} } = change;
  const tags = Object.entries(updateTags).map(
    ([tag, name]) => `${tag}=${name}`,
  );
  return {
    args: [
      "run",
      "services",
      "update-traffic",
      place.service,
      ...(to === undefined ? [] : [`--to-revisions=${to}=100`]),
      ...(toLatest === undefined ? [] : ["--to-latest"]),
      ...(removeTags.length === 0
        ? []
        : [`--remove-tags=${removeTags.join(",")}`]),
      ...(tags.length === 0 ? [] : [`--update-tags=${tags.join(",")}`]),
      ...inRegion(place),
      "--format=none",
    ],
  };
}

/** For the operator to run. */
export function openIngress(place: ServiceId): Command {
  return {
    args: [
      "run",
      "services",
      "update",
      place.service,
      "--ingress=all",
      ...inRegion(place),
    ],
  };
}

export function deleteService(place: ServiceId): Command {
  return {
    args: [
      "run",
      "services",
      "delete",
      place.service,
      ...inRegion(place),
      "--quiet",
    ],
  };
}
