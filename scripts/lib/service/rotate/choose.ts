import { InputError } from "../../cli/errors.ts";
import type { GcloudContext } from "../../google/context.ts";
import { listEnvs } from "../../settings/env-file.ts";
import {
  type Key,
  type KeyName,
  MASTER_KEY,
  keysOf,
  optionOf,
} from "../../settings/keys.ts";
import { loadSettings } from "../../settings/load-settings.ts";
import type { Settings } from "../../settings/settings.ts";

/** Throws InputError where the env's mode has no such key. */
export function chooseKey(
  { env, mode }: Settings,
  option: string | undefined,
): Key & { name: KeyName } {
  const wanted = option ?? optionOf(MASTER_KEY);
  const keys = keysOf(mode);
  const key = keys.find((k) => optionOf(k) === wanted);
  if (key !== undefined) return key;
  throw new InputError(`env ${env} has MODE=${mode}: it reads no ${wanted}`, {
    hint: `Its keys: ${keys.map(optionOf).join(", ")}`,
  });
}

/** Other envs whose services read the same secret. */
export function listSharing(
  own: Settings,
  { name }: Key & { name: KeyName },
  { properties }: GcloudContext,
): string[] {
  return listEnvs()
    .filter((env) => env !== own.env && env !== "local")
    .filter((env) => {
      const { settings } = loadSettings(env, {
        PROJECT_ID: properties.core?.project,
        REGION: properties.run?.region,
      });
      return (
        settings.projectId === own.projectId &&
        settings.keySecrets[name] === own.keySecrets[name] &&
        keysOf(settings.mode).some((key) => key.name === name) &&
        (settings.service !== own.service || settings.region !== own.region)
      );
    });
}
