import type { Command } from "../gcloud.ts";
import { type InProject, formatPairs, inProject } from "../places.ts";

export interface NewSecret {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Empty: replicated automatically. */
  locations: readonly string[];
  /** Its first version; it is empty without. */
  data?: Data;
}

/** What a version holds, never a secret value: a file, or a text for standard input. */
export type Data = { file: string } | { text: string };

export function createSecret(place: InProject, made: NewSecret): Command {
  const { name, labels, locations, data } = made;
  return {
    ...inputOf(data),
    args: [
      "secrets",
      "create",
      name,
      ...(data === undefined ? [] : [dataFlag(data)]),
      ...(locations.length === 0
        ? ["--replication-policy=automatic"]
        : [
            "--replication-policy=user-managed",
            `--locations=${locations.join(",")}`,
          ]),
      `--labels=${formatPairs(labels)}`,
      inProject(place),
    ],
  };
}

export function addVersion(
  place: InProject,
  secret: string,
  data: Data,
): Command {
  return {
    ...inputOf(data),
    ...version(place, "add", secret, dataFlag(data)),
  };
}

/** The same of a secret value, which whoever pastes it pipes in. */
export function addPipedVersion(place: InProject, secret: string): Command {
  return version(place, "add", secret, "--data-file=-");
}

function dataFlag(data: Data): string {
  return `--data-file=${"file" in data ? data.file : "-"}`;
}

function inputOf(data: Data | undefined): Pick<Command, "input"> {
  return data !== undefined && "text" in data ? { input: data.text } : {};
}

export interface SecretChange {
  labels?: Readonly<Record<string, string>>;
  /** All aliases that the secret is to have: gcloud drops those that are not named. */
  aliases?: Readonly<Record<string, number>>;
  /** Not together with `aliases`: gcloud takes one or the other. */
  removeAliases?: readonly string[];
  /** Refuses the change where somebody else changed the secret since. */
  etag?: string;
  /** `2592000s`: how long a version that is destroyed can be brought back. */
  destroyTtl?: string;
}

export function updateSecret(
  place: InProject,
  secret: string,
  change: SecretChange,
): Command {
  const {
    labels = {},
    aliases = {},
    removeAliases = [],
    etag,
    destroyTtl,
  } = change;
  const flag = (name: string, value: string): string[] =>
    value === "" ? [] : [`--${name}=${value}`];
  return {
    args: [
      "secrets",
      "update",
      secret,
      ...flag("update-labels", formatPairs(labels)),
      ...flag("update-version-aliases", formatPairs(aliases)),
      ...flag("remove-version-aliases", removeAliases.join(",")),
      ...flag("version-destroy-ttl", destroyTtl ?? ""),
      ...flag("etag", etag ?? ""),
      inProject(place),
    ],
  };
}

export function deleteSecret(place: InProject, secret: string): Command {
  return { args: ["secrets", "delete", secret, inProject(place), "--quiet"] };
}

/** Prints a payload: for the operator to run, never run by a script. */
export function accessVersion(
  place: InProject,
  secret: string,
  number = "latest",
): Command {
  return { args: numbered(place, "access", secret, number) };
}

/** For the operator to run. */
export function listVersions(place: InProject, secret: string): Command {
  return { args: ["secrets", "versions", "list", secret, inProject(place)] };
}

/** For the operator to run. */
export function enableVersion(
  place: InProject,
  secret: string,
  number: number,
): Command {
  return { args: numbered(place, "enable", secret, number) };
}

/** The version cannot be read any more; enabling it again brings it back. */
export function disableVersion(
  place: InProject,
  secret: string,
  number: number,
): Command {
  return {
    args: [...numbered(place, "disable", secret, number), "--format=none"],
  };
}

/** With a delay of the secret's own, it is disabled until then, and enabling it brings it back. */
export function destroyVersion(
  place: InProject,
  secret: string,
  number: number,
): Command {
  return {
    args: [
      ...numbered(place, "destroy", secret, number),
      "--format=none",
      "--quiet",
    ],
  };
}

function version(
  place: InProject,
  verb: string,
  secret: string,
  ...flags: string[]
): Command {
  return {
    args: [
      "secrets",
      "versions",
      verb,
      secret,
      ...flags,
      inProject(place),
      "--format=value(name)",
    ],
  };
}

/** What is done with one version, by its number. */
function numbered(
  place: InProject,
  verb: string,
  secret: string,
  number: number | string,
): string[] {
  return [
    ...["secrets", "versions", verb, String(number)],
    `--secret=${secret}`,
    inProject(place),
  ];
}
