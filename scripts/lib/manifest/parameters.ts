import { type ConfigFiles, formatConfigFiles } from "./config-items.ts";
import { PROPERTIES, toField } from "../settings/schema.ts";
import type { Settings, TextField } from "../settings/settings.ts";

/** Everything in the manifest that differs between envs, by the name in its `from-param` comment. */
export type ManifestParameters = Readonly<Record<string, string>>;

/** What a revision reads from Secret Manager, pinned. */
export interface SecretPins {
  /** Alias `sha-<12 hex>`. */
  configVersion: string;
  /** Of what lies beside the config. */
  configFiles?: ConfigFiles;
  keys: KeyPins;
}

/** A version number for each key that the service reads, by the key's name. */
export type KeyPins = Readonly<Record<string, string>>;

/** Settings that are parameters as they stand. */
const FIELDS = Object.entries(PROPERTIES)
  .filter(([, property]) => property["x-parameter"])
  .map(([name]) => toField(name) as TextField);

/** The parameters that have a value; a part of the manifest that is `only-with` another one is left out. */
export function toParameters(
  settings: Settings,
  pins: SecretPins,
): ManifestParameters {
  const parameters = {
    ...Object.fromEntries(FIELDS.map((field) => [field, settings[field]])),
    invokerIamDisabled: String(settings.access === "public"),
    networkInterfaces: formatNetwork(settings),
    clientKeysSecret: settings.clientKeys ? settings.clientKeysSecret : "",
    configVersion: pins.configVersion,
    configFiles: formatConfigFiles(pins.configFiles ?? {}),
    ...toKeyParameters(settings, pins.keys),
  };
  return Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => value !== ""),
  );
}

/** Where the keys of an env lie, and the versions that are pinned (empty: none yet). */
export function toKeyParameters(
  { keys }: Pick<Settings, "keys">,
  pins: KeyPins,
): ManifestParameters {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const { secret, version } = keyParameters(key.name);
      return [
        [secret, key.secret],
        [version, pins[key.name] ?? ""],
      ];
    }),
  );
}

/** `geminiKeySecret` and `geminiKeyVersion`, of other keys `OPENAI_API_KEYSecret` and `OPENAI_API_KEYVersion`. */
export function keyParameters(name: string): {
  secret: string;
  version: string;
} {
  return { secret: `${name}Secret`, version: `${name}Version` };
}

/** As gcloud writes it (528, `run.googleapis.com/network-interfaces`); empty where no network is asked for. */
function formatNetwork({ network, subnet }: Settings): string {
  if (network === "" && subnet === "") return "";
  const written = {
    ...(network !== "" && { network }),
    ...(subnet !== "" && { subnetwork: subnet }),
  };
  return JSON.stringify([written]);
}
