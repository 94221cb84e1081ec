import { UserError } from "../cli/errors.ts";
import { listVersions } from "../google/commands/secrets.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { RevisionSpec } from "../manifest/knative.ts";
import { isConfigFile, parseConfigFiles } from "../manifest/config-items.ts";
import {
  type ManifestParameters,
  keyParameters,
} from "../manifest/parameters.ts";
import { type Key, keyNamed, toKey } from "../settings/keys.ts";
import type { Mode } from "../settings/mode.ts";
import type { Settings } from "../settings/settings.ts";
import { isOurSecret } from "./ownership.ts";
import { newestEnabled } from "./prepare/secret-version.ts";
import type { SecretState, State } from "./state/state.ts";

/** What config/service.yaml calls the list of client keys. */
const CLIENT_KEYS_FILE = "client-keys.json";

/** A secret, and a version of it: a number or an alias. */
export interface Pin {
  secret: string;
  version: string;
}

/** What a revision, or a release for a target, reads from Secret Manager. */
export interface Pins {
  config: Pin;
  /** Of what lies beside the config, by name: versions of the same secret. */
  files: Readonly<Record<string, string>>;
  /** By the key's name; only those that it reads. */
  keys: Readonly<Record<string, Pin>>;
  /** The secret with the list of its clients' keys, of which it always reads the latest version; undefined: they have none. */
  clientKeys?: string | undefined;
}

/** A key that is not today's. */
export interface KeyChange {
  key: Key;
  /** Where today's is. */
  secret: string;
  /** Undefined: there is none. */
  today: number | undefined;
  /** The old one works still, but there is a newer one. */
  superseded: boolean;
  /** For people. */
  reason: string;
}

export function pinsOfRevision(spec: RevisionSpec): Pins {
  const mounted = spec.volumes?.find((v) => v.secret !== undefined)?.secret;
  const [config, ...beside] = mounted?.items ?? [];
  const clientKeys = spec.volumes?.find(({ secret }) =>
    secret?.items?.some(({ path }) => path === CLIENT_KEYS_FILE),
  );
  return {
    config: {
      secret: mounted?.secretName ?? "",
      version: config?.key ?? "latest",
    },
    files: Object.fromEntries(
      beside.filter(isConfigFile).map(({ key, path }) => [path, key]),
    ),
    keys: Object.fromEntries(
      spec.containers
        .flatMap((container) => container.env ?? [])
        .flatMap(({ name, valueFrom }) => {
          const reference = valueFrom?.secretKeyRef;
          if (reference === undefined) return [];
          const pin = { secret: reference.name, version: reference.key };
          return [[toKey(name).name, pin] as const];
        }),
    ),
    clientKeys: clientKeys?.secret?.secretName,
  };
}

export function pinsOfParameters(parameters: ManifestParameters): Pins {
  const { configSecret = "", configVersion = "", configFiles } = parameters;
  const { clientKeysSecret = "" } = parameters;
  return {
    config: { secret: configSecret, version: configVersion },
    files: parseConfigFiles(configFiles),
    keys: Object.fromEntries(
      Object.keys(parameters).flatMap((parameter) => {
        const name = /^(\w+)Version$/.exec(parameter)?.[1];
        if (name === undefined || parameter === "configVersion") return [];
        const names = keyParameters(name);
        const version = parameters[names.version];
        if (version === undefined) return [];
        const secret = parameters[names.secret] ?? "?";
        return [[name, { secret, version }] as const];
      }),
    ),
    clientKeys: clientKeysSecret === "" ? undefined : clientKeysSecret,
  };
}

/** What keeps an earlier revision or release from coming back with its own configuration; undefined: nothing does. */
export function findObstacle(
  settings: Settings,
  state: State,
  pins: Pins,
  mode: Mode,
): string | undefined {
  if (mode !== settings.mode) {
    return `it was made with MODE=${mode}, and the env has MODE=${settings.mode} now`;
  }
  const { secret: name, version } = pins.config;
  if (name !== settings.configSecret) {
    return `its config is in secret ${name}, and CONFIG_SECRET is ${settings.configSecret} now`;
  }
  const files = { config: version, ...pins.files };
  return (
    Object.entries(files)
      .map(([file, pinned]) => findGone(state, name, file, pinned))
      .find((obstacle) => obstacle !== undefined) ??
    findListGone(state, pins.clientKeys)
  );
}

/** Why an instance would find no list of client keys, without which it does not start. */
function findListGone(
  { secrets: { clientKeys } }: State,
  name: string | undefined,
): string | undefined {
  if (name === undefined) return undefined;
  const latest = clientKeys?.name === name ? clientKeys.versions[0] : undefined;
  if (latest?.state === "ENABLED") return undefined;
  return `it reads the latest list of client keys in secret ${name}, which is ${latest?.state.toLowerCase() ?? "gone, or not the env's CLIENT_KEYS_SECRET"}`;
}

/** Why a version of the config's secret cannot be read any more. */
function findGone(
  { secrets: { config: secret } }: State,
  name: string,
  file: string,
  version: string,
): string | undefined {
  const number = secret?.aliases[version] ?? Number(version);
  const stored = secret?.versions.find((v) => v.number === number);
  if (stored?.state === "ENABLED") return undefined;
  return stored === undefined
    ? `its ${file} ${version} is not in secret ${name} any more`
    : `its ${file} ${version} is version ${String(number)} of secret ${name}, which is ${stored.state.toLowerCase()}`;
}

/** Keys that are not the newest enabled ones. */
export function listKeyChanges(
  settings: Settings,
  state: State,
  pins: Pins,
): KeyChange[] {
  return Object.entries(pins.keys).flatMap(([name, pin]) => {
    const key = settings.keys.find((one) => one.name === name);
    const stored = state.secrets.keys[name];
    // What the config of today does not name, and this project did not make, is the operator's.
    const isOurs = key !== undefined || stored === undefined;
    if (!isOurs && !isOurSecret(stored)) return [];
    if (settings.ownSecrets.includes(pin.secret)) return [];
    const secret = key?.secret ?? stored?.name ?? pin.secret;
    const change = describeChange(pin, secret, stored);
    if (change === undefined) return [];
    return [{ key: key ?? keyNamed(name), secret, ...change }];
  });
}

/** The spec with today's keys in the place of old ones. Throws UserError where a secret has none. */
export function withTodaysKeys(
  settings: Settings,
  spec: RevisionSpec,
  changes: readonly KeyChange[],
): RevisionSpec {
  return {
    ...spec,
    containers: spec.containers.map((container) => ({
      ...container,
      env: (container.env ?? []).map((variable) => {
        const change = changes.find((c) => c.key.variable === variable.name);
        if (change === undefined) return variable;
        const { secret: name, today } = change;
        const key = requireVersion(settings, name, today);
        return {
          name: variable.name,
          valueFrom: { secretKeyRef: { name, key } },
        };
      }),
    })),
  };
}

/** Throws UserError where a secret has no enabled version. */
export function requireVersion(
  settings: Settings,
  secret: string,
  version: number | undefined,
): string {
  if (version !== undefined) return String(version);
  const list = formatCommand(listVersions(settings, secret));
  throw new UserError(`secret ${secret} has no enabled version`, {
    hint: `Enable one: ${list}`,
  });
}

function describeChange(
  pin: Pin,
  secret: string,
  stored: SecretState | undefined,
): Pick<KeyChange, "today" | "superseded" | "reason"> | undefined {
  const today = newestEnabled(stored);
  if (pin.secret !== secret) {
    const reason = `its key is in secret ${pin.secret}, today's in ${secret}`;
    return { today, superseded: false, reason };
  }
  if (pin.version === String(today)) return undefined;
  const old = stored?.versions.find((v) => String(v.number) === pin.version);
  const superseded = old?.state === "ENABLED";
  const reason = superseded
    ? `version ${pin.version} of ${secret} was superseded by version ${String(today)}`
    : `version ${pin.version} of ${secret} is ${old?.state.toLowerCase() ?? "gone"}`;
  return { today, superseded, reason };
}
