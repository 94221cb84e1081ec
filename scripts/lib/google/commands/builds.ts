import type { Command } from "../gcloud.ts";
import { type InRegion, formatPairs, inRegion } from "../places.ts";
import type { BucketId } from "./storage.ts";

/** Builds the tools image and releases with it, from this directory: for the operator to run. */
export function submitBuild(place: BucketId): Command {
  return {
    args: [
      "builds",
      "submit",
      "--config=cloudbuild.yaml",
      // Where the build's account may read.
      `--gcs-source-staging-dir=gs://${place.bucket}/source`,
      ...inRegion(place),
    ],
  };
}

/** Builds the tools image from this directory, tests it, and brings LiteLLM's image into the registry; releases nothing. */
export function buildImages(place: BucketId): Command {
  return {
    args: [
      ...submitBuild(place).args,
      "--substitutions=_SCRIPT=none",
      "--suppress-logs",
    ],
    long: true,
  };
}

/** A build without source. Ends when the build has ended, and fails when it failed. */
export function runBuild(
  place: InRegion,
  config: string,
  substitutions: Readonly<Record<string, string>>,
): Command {
  return {
    args: [
      "builds",
      "submit",
      "--no-source",
      "--suppress-logs",
      `--config=${config}`,
      `--substitutions=${formatPairs(substitutions)}`,
      ...inRegion(place),
    ],
    long: true,
  };
}

/** For the operator to run. */
export function readBuildLog(place: InRegion, build: string): Command {
  return { args: ["builds", "log", build, ...inRegion(place)] };
}

export interface NewTrigger {
  name: string;
  description: string;
  /** Which repository, and what sets it off, as gcloud's flags. */
  event: readonly string[];
  /** The build's configuration file. */
  file: string;
  /** `projects/P/serviceAccounts/EMAIL`. */
  serviceAccount: string;
}

/** For a repository on GitHub. */
export function createTrigger(place: InRegion, made: NewTrigger): Command {
  return {
    args: [
      "builds",
      "triggers",
      "create",
      "github",
      `--name=${made.name}`,
      `--description=${made.description}`,
      ...made.event,
      `--build-config=${made.file}`,
      `--service-account=${made.serviceAccount}`,
      ...inRegion(place),
      "--format=none",
    ],
  };
}

export function deleteTrigger(place: InRegion, trigger: string): Command {
  return {
    args: [
      "builds",
      "triggers",
      "delete",
      trigger,
      ...inRegion(place),
      "--quiet",
    ],
  };
}

/** Lets an account fetch the repositories of one connection: for the operator to run. */
export function letReadSource(
  place: InRegion,
  connection: string,
  email: string,
): Command {
  return {
    args: [
      ...["builds", "connections", "add-iam-policy-binding", connection],
      `--member=serviceAccount:${email}`,
      "--role=roles/cloudbuild.readTokenAccessor",
      ...inRegion(place),
    ],
  };
}

/** For the operator to run; CONNECTION is theirs to fill in. */
export function listRepositories(place: InRegion): Command {
  return {
    args: [
      "builds",
      "repositories",
      "list",
      "--connection=CONNECTION",
      ...inRegion(place),
    ],
  };
}
