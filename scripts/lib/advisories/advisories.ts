import list from "../../../config/litellm-advisories.json" with { type: "json" };

/** A hole in releases of LiteLLM that is publicly known. */
export interface Advisory {
  id: string;
  cve: string | null;
  /** In a few words. */
  about: string;
  /** `before`: the first release that has the fix. */
  affected: readonly { from?: string; before: string }[];
  source: string;
}

const ADVISORIES: readonly Advisory[] = list.advisories;

/** When the list was read: what became known since is not in it. */
export const READ_ON = list.read;

/** Older releases have holes that are publicly known (CVE-2026-114612 and others). */
export const FLOOR = list.floor;

export function isOlder(version: string): boolean {
  return compareVersions(version, FLOOR) < 0;
}

/** Those that a version of LiteLLM (`1.108.14`) has no fix for. */
export function findMissing(
  version: string,
  advisories = ADVISORIES,
): Advisory[] {
  return advisories.filter(({ affected }) =>
    affected.some(
      ({ from = "0", before }) =>
        compareVersions(version, from) >= 0 &&
        compareVersions(version, before) < 0,
    ),
  );
}

/** Negative: `a` is the earlier one. Numbers count, not their text. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `1.108.14` of an image's tag; undefined where the tag does not tell. */
export function versionOf(image: string): string | undefined {
  const [name = ""] = image.split("@");
  return /:v?(\d+\.\d+\.\d+)[^/:]*$/.exec(name)?.[1];
}
