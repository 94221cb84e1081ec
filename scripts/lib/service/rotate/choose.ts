import { InputError } from "../../cli/errors.ts";
import type { GcloudContext } from "../../google/context.ts";
import { listEnvs } from "../../settings/env-file.ts";
import { type Key, MASTER_KEY } from "../../settings/keys.ts";
import { loadSettings } from "../../settings/load-settings.ts";
import type { Settings } from "../../settings/settings.ts";

/** By its option or its variable. Throws InputError where the env reads no such key. */
export function chooseKey(
  { env, config, keys }: Settings,
  wanted: string = MASTER_KEY.option,
): Key {
  const key = keys.find((k) => [k.option, k.variable].includes(wanted));
  if (key !== undefined) return key;
  const hint = `Its keys: ${keys.map(({ option }) => option).join(", ")}`;
  if (wanted === "") throw new InputError("--key= names no key", { hint });
  // It may be a key itself, typed in the wrong place.
  const shown = /^[A-Za-z][A-Za-z_-]{0,40}$/.test(wanted) ? wanted : "…";
  throw new InputError(
    `env ${env} reads no ${shown}: ${config} does not name it`,
    { hint },
  );
}

/** Other envs whose services read the same secret. */
export function listSharing(
  own: Settings,
  { name, secret }: Key,
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
        settings.keys.some(
          (key) => key.name === name && key.secret === secret,
        ) &&
        (settings.service !== own.service || settings.region !== own.region)
      );
    });
}
