import {
  type ConfigFiles,
  describeConfigFiles,
} from "../manifest/config-items.ts";
import { pinsOfParameters } from "../service/pins.ts";
import { parametersOf } from "./release-pins.ts";
import type { Release } from "./release-state.ts";
import { idOf } from "../pipeline/pipeline-state.ts";

/** What tells one release from another; `--json` prints it. */
export interface ReleaseSummary {
  release: string;
  /** By digest. */
  image: string;
  /** The alias of the config's content. */
  configVersion: string;
  /** Of what lies beside the config, where there is something. */
  configFiles?: ConfigFiles;
}

/** `env`: a stage; what lies beside the config is the same in each. */
export function summarizeRelease(
  release: Release,
  env: string,
): ReleaseSummary {
  const { image = "", configVersion = "" } = release.deployParameters ?? {};
  const { files } = pinsOfParameters(parametersOf(release, env));
  return {
    release: idOf(release),
    image,
    configVersion,
    ...(Object.keys(files).length > 0 && { configFiles: files }),
  };
}

/** For people, before anything happens: from → to, what differs marked. */
export function describeMove(
  title: string,
  from: ReleaseSummary | undefined,
  to: ReleaseSummary,
): string {
  const { configFiles: files = {} } = to;
  const before = from && (from.configFiles ?? {});
  const hasFiles = Object.keys({ ...before, ...files }).length > 0;
  const rows: [string, string | undefined, string][] = [
    ["release", from?.release, to.release],
    ["image", from?.image, to.image],
    ["config", from?.configVersion, to.configVersion],
    ...(hasFiles
      ? [
          [
            "files",
            before && describeConfigFiles(before, files),
            describeConfigFiles(files, before ?? {}),
          ] as [string, string | undefined, string],
        ]
      : []),
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
