import { createRemoteRepository } from "../google/commands/artifacts.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { Settings } from "../settings/settings.ts";
import { FLOOR, STOLEN, isOlder } from "../verify/health-checks.ts";
import { type Finding, ok, problem, unlooked, warning } from "./finding.ts";
import type { Seen } from "./seen.ts";

/** Cloud Run docs, "Deploying container images": from other registries through an Artifact Registry remote repository. */
const PULLED = /^(docker\.io|([a-z]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev)$/;

/** LiteLLM's tags that are other bytes tomorrow. */
const MOVING =
  /^(latest|main|main-latest|main-stable|stable|lts|nightly|litellm_stable_release_branch.*)$/;

export function isInRegistry(image: string): boolean {
  return /^[a-z0-9-]+-docker\.pkg\.dev\//.test(image);
}

/** `stored`: by digest, where IMAGE is in Artifact Registry; undefined where it is not there. */
export function judgeImage(
  settings: Settings,
  stored: Seen<string | undefined> | undefined,
): Finding {
  const check = "image";
  const { env, image } = settings;
  const set = `Set IMAGE in envs/${env}.env to a version of LiteLLM, such as docker.io/litellm/litellm:v1.108.14`;
  const [registry = ""] = image.split("/");
  if (!PULLED.test(registry)) {
    const place = { ...settings, repository: "REPOSITORY" };
    return problem(
      check,
      `Cloud Run does not pull from ${registry}`,
      `${set}, or bring it in through a repository of your own:`,
      formatCommand(createRemoteRepository(place, `https://${registry}`)),
    );
  }
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? "";
  const version = /^v?(\d+\.\d+\.\d+)/.exec(tag)?.[1];
  if (version !== undefined && STOLEN.includes(version)) {
    return problem(
      check,
      `LiteLLM ${version} is a release that steals credentials (GHSA-92x9-889m-jgmw)`,
      `${set}, and change every key that it could see.`,
    );
  }
  if (MOVING.test(tag) && digest === undefined) {
    return problem(
      check,
      `the tag ${tag} is another image tomorrow`,
      `${set}.`,
    );
  }
  if (stored !== undefined) {
    if ("reason" in stored) return unlooked(check, stored.reason);
    if (stored.value === undefined) {
      return problem(check, `there is no ${image}`, `Push it, or: ${set}.`);
    }
  }
  if (version !== undefined && isOlder(version)) {
    return warning(
      check,
      `LiteLLM ${version} is older than ${FLOOR.join(".")}, and has holes that are publicly known`,
      `${set}.`,
    );
  }
  return ok(check, stored === undefined ? image : `${image}, and it is there`);
}
