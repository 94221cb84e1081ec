import { UserError } from "../cli/errors.ts";
import type { Settings } from "../settings/settings.ts";
import type { Revision, RevisionSpec } from "../manifest/knative.ts";
import type { SecretState, State } from "./state/state.ts";
import { newestEnabled } from "./prepare/secret-version.ts";

/** A key that a revision names and that is not today's. */
export interface KeyChange {
  /** The environment variable that holds it. */
  variable: string;
  secret: string;
  version: string;
  /** For people. */
  reason: string;
}

/** What keeps an earlier revision from coming back with its own configuration. */
export function findObstacle(
  settings: Settings,
  state: State,
  { spec }: Revision,
): string | undefined {
  const mode = findKey(spec, "GEMINI_API_KEY") ? "apikey" : "vertex";
  if (mode !== settings.mode) {
    return `it was made with MODE=${mode}, and the env has MODE=${settings.mode} now`;
  }
  const { secretName, version } = readConfigPin(spec);
  if (secretName !== settings.configSecret) {
    return `its config is in secret ${secretName}, and CONFIG_SECRET is ${settings.configSecret} now`;
  }
  const secret = state.secrets.config;
  const number = secret?.aliases[version] ?? Number(version);
  const stored = secret?.versions.find((v) => v.number === number);
  if (stored?.state === "ENABLED") return undefined;
  return stored === undefined
    ? `its config ${version} is not in secret ${secretName} any more`
    : `its config ${version} is version ${String(number)} of secret ${secretName}, which is ${stored.state.toLowerCase()}`;
}

/** Keys that are not the newest enabled ones. Throws UserError where a secret has none. */
export function listKeyChanges(
  settings: Settings,
  state: State,
  spec: RevisionSpec,
): KeyChange[] {
  const { masterKeySecret, geminiKeySecret } = settings;
  const { masterKey, geminiKey } = state.secrets;
  return [
    ...findKeyChange(spec, "LITELLM_MASTER_KEY", masterKeySecret, masterKey),
    ...findKeyChange(spec, "GEMINI_API_KEY", geminiKeySecret, geminiKey),
  ];
}

export function withKeys(
  spec: RevisionSpec,
  changes: readonly KeyChange[],
): RevisionSpec {
  return {
    ...spec,
    containers: spec.containers.map((container) => ({
      ...container,
      env: (container.env ?? []).map((variable) => {
        const change = changes.find((c) => c.variable === variable.name);
        if (change === undefined) return variable;
        const { secret: name, version: key } = change;
        return {
          name: variable.name,
          valueFrom: { secretKeyRef: { name, key } },
        };
      }),
    })),
  };
}

/** The secret and the version that a revision takes a key from; undefined: it has none from a secret. */
export function findKey(
  spec: RevisionSpec,
  variable: string,
): { name: string; key: string } | undefined {
  return spec.containers
    .flatMap((c) => c.env ?? [])
    .find((e) => e.name === variable)?.valueFrom?.secretKeyRef;
}

/** The secret and the version (an alias, as a rule) that a revision mounts as its config. */
export function readConfigPin(spec: RevisionSpec): {
  secretName: string;
  version: string;
} {
  const secret = spec.volumes?.find((v) => v.secret !== undefined)?.secret;
  return {
    secretName: secret?.secretName ?? "",
    version: secret?.items?.[0]?.key ?? "latest",
  };
}

function findKeyChange(
  spec: RevisionSpec,
  variable: string,
  secret: string,
  stored: SecretState | undefined,
): KeyChange[] {
  const pin = findKey(spec, variable);
  if (pin === undefined) return [];
  const newest = newestEnabled(stored);
  if (newest === undefined) {
    throw new UserError(`secret ${secret} has no enabled version`, {
      hint: `Enable one: gcloud secrets versions list ${secret}`,
    });
  }
  const version = String(newest);
  if (pin.name === secret && pin.key === version) return [];
  const old = stored?.versions.find((v) => String(v.number) === pin.key);
  const reason =
    pin.name !== secret
      ? `its key is in secret ${pin.name}, today's in ${secret}`
      : old?.state === "ENABLED"
        ? `version ${pin.key} of ${secret} was superseded by version ${version}`
        : `version ${pin.key} of ${secret} is ${old?.state.toLowerCase() ?? "gone"}`;
  return [{ variable, secret, version, reason }];
}
