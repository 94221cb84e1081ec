import type { Settings } from "../settings/settings.ts";
import { FLOOR, isOlder, versionOf } from "../advisories/advisories.ts";
import { type Finding, ok, problem, unlooked, warning } from "./finding.ts";
import type { Seen } from "./seen.ts";

export function isInRegistry(image: string): boolean {
  return /^[a-z0-9-]+-docker\.pkg\.dev\//.test(image);
}

/** What its name cannot tell: that is judged with the settings. `stored`: by digest, where IMAGE is in Artifact Registry; undefined where it is not there. */
export function judgeImage(
  settings: Settings,
  stored: Seen<string | undefined> | undefined,
): Finding {
  const check = "image";
  const { env, image } = settings;
  const set = `Set IMAGE in envs/${env}.env to a version of LiteLLM, such as docker.io/litellm/litellm:v1.108.14`;
  const version = versionOf(image);
  if (stored !== undefined) {
    if ("reason" in stored) return unlooked(check, stored.reason);
    if (stored.value === undefined) {
      return problem(check, `there is no ${image}`, `Push it, or: ${set}.`);
    }
  }
  if (version !== undefined && isOlder(version)) {
    return warning(
      check,
      `LiteLLM ${version} is older than ${FLOOR}, and has holes that are publicly known`,
      `${set}.`,
    );
  }
  return ok(check, stored === undefined ? image : `${image}, and it is there`);
}
