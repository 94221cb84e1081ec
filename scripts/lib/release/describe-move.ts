import type { Release } from "./release-state.ts";
import { idOf } from "../pipeline/pipeline-state.ts";

/** What tells one release from another; `--json` prints it. */
export interface ReleaseSummary {
  release: string;
  /** By digest. */
  image: string;
  /** The alias of the config's content. */
  configVersion: string;
}

export function summarizeRelease(release: Release): ReleaseSummary {
  const { image = "", configVersion = "" } = release.deployParameters ?? {};
  return { release: idOf(release), image, configVersion };
}

/** For people, before anything happens: from → to, what differs marked. */
export function describeMove(
  title: string,
  from: ReleaseSummary | undefined,
  to: ReleaseSummary,
): string {
  const rows: [string, string | undefined, string][] = [
    ["release", from?.release, to.release],
    ["image", from?.image, to.image],
    ["config", from?.configVersion, to.configVersion],
  ];
  return [
    title,
    ...rows.flatMap(([name, before, after]) =>
      before === after
        ? [`  ${name.padEnd(8)} ${after} (the same)`]
        : [
            `  ${name.padEnd(8)} ${before ?? "(nothing yet)"}`,
            `  ${" ".repeat(5)} →  ${after}`,
          ],
    ),
  ].join("\n");
}
