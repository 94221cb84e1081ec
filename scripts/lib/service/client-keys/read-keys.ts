import { InputError, UserError } from "../../cli/errors.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import type { ReadApi } from "../../google/rest.ts";
import { readVersion } from "../../google/secret-versions.ts";
import type { Settings } from "../../settings/settings.ts";
import { readSecret } from "../state/read-secret.ts";
import { type KeyList, mergeKeyLists, parseKeyList } from "./key-list.ts";

/** The client keys of an env, and the version that they were read from. */
export interface StoredKeys extends KeyList {
  /** The newest version. */
  version: number;
  /** Versions that nobody reads any more, the oldest first. */
  outdated: readonly number[];
}

/** Versions that are put together: a run that was killed may have left out what another one changed at the same time. */
const MERGED = 5;

/** More than that, since another run may be reading them at this moment. */
const KEPT = 20;

/** Throws InputError where the env has no client keys, UserError where nobody deployed it with them. */
export async function readKeys(
  read: ReadApi,
  settings: Settings,
): Promise<StoredKeys> {
  const { env, projectId, clientKeysSecret: name } = settings;
  const deploy = scriptCommand("deploy", env);
  if (!settings.clientKeys) {
    throw new InputError(`env ${env} has no client keys`, {
      hint: `Write CLIENT_KEYS=true into envs/${env}.env, then: ${deploy}`,
    });
  }
  const secret = await readSecret(read, projectId, name);
  const numbers = (secret?.versions ?? [])
    .filter(({ state }) => state === "ENABLED")
    .map(({ number }) => number)
    .slice(0, MERGED);
  if (numbers.length === 0) {
    throw new UserError(`secret ${name} has no list of client keys yet`, {
      hint: `A deploy makes it, and a service that reads it: ${deploy}`,
    });
  }
  const lists = await Promise.all(
    numbers.map((number) => readList(read, settings, number)),
  );
  const version = secret?.versions[0]?.number ?? 0;
  const found = lists.filter((list) => list !== undefined);
  const outdated = (secret?.versions ?? [])
    .slice(KEPT)
    .filter(({ state }) => state !== "DESTROYED")
    .map(({ number }) => number)
    .reverse();
  return { ...mergeKeyLists(found), version, outdated };
}

/** The list of one version; undefined: there is none. By its number it is there as soon as it is added (Secret Manager, "Resource consistency"). */
export async function readList(
  read: ReadApi,
  { projectId, clientKeysSecret: name }: Settings,
  version: number,
): Promise<KeyList | undefined> {
  const content = await readVersion(read, projectId, name, version);
  if (content === undefined) return undefined;
  const text = content.toString();
  return parseKeyList(text, `version ${version} of secret ${name}`);
}
