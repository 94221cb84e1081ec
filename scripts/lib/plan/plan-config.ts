import * as commands from "../commands.ts";
import { UserError } from "../errors.ts";
import { isOurSecret } from "../state/ownership.ts";
import type { SecretState, State } from "../state/state.ts";
import { type DeployInput, aliasOf } from "./deploy-input.ts";
import { checkVersion, nextVersion } from "./secret-version.ts";
import { type Step, gcloudStep } from "./step.ts";

/** Secret Manager holds 50 aliases a secret. */
const MOST_ALIASES = 50;

export interface ConfigSteps {
  /** Stores the content. */
  store: Step[];
  /** Names the version by its content; needs `store`. */
  name: Step[];
}

/** A new version only when the content changed, named `sha-…` by its content. */
export function planConfig(input: DeployInput, state: State): ConfigSteps {
  const { settings, config } = input;
  const secret = state.secrets.config;
  const alias = aliasOf(config);
  const title = `Store ${config.file} in secret ${settings.configSecret}`;
  if (secret === undefined) {
    const create = commands.createSecret(
      settings,
      settings.configSecret,
      config.file,
    );
    return {
      store: [gcloudStep(title, create)],
      name: [nameStep(input, { addAlias: { alias, version: 1 } })],
    };
  }
  const label = !isOurSecret(secret);
  if (isNamed(secret, alias)) {
    return { store: [], name: label ? [nameStep(input, { label })] : [] };
  }
  const kept = secret.unaliasedSha256 === config.sha256;
  const version = kept ? newestEnabled(secret) : nextVersion(secret);
  const add = commands.addSecretVersion(
    settings,
    settings.configSecret,
    config.file,
  );
  return {
    store: kept
      ? []
      : [
          gcloudStep(title, add, (stdout) => {
            checkVersion(settings.configSecret, stdout, version);
          }),
        ],
    name: [
      nameStep(input, {
        label,
        addAlias: { alias, version },
        removeAliases: findStaleAliases(secret, state),
        etag: secret.etag,
      }),
    ],
  };
}

function nameStep(input: DeployInput, change: commands.SecretChange): Step {
  const { configSecret } = input.settings;
  const title =
    change.addAlias === undefined
      ? `Take over secret ${configSecret}`
      : `Name version ${String(change.addAlias.version)} of ${configSecret}: ${change.addAlias.alias}`;
  return gcloudStep(
    title,
    commands.updateSecret(input.settings, configSecret, change),
  );
}

function isNamed(secret: SecretState, alias: string): boolean {
  const number = secret.aliases[alias];
  const version = secret.versions.find((v) => v.number === number);
  if (version?.state === "DISABLED") {
    throw new UserError(
      `version ${String(number)} of secret ${secret.name} holds this config but is disabled`,
      {
        hint: `Enable it: gcloud secrets versions enable ${String(number)} --secret=${secret.name}`,
      },
    );
  }
  return version?.state === "ENABLED";
}

function newestEnabled(secret: SecretState): number {
  return secret.versions.find((v) => v.state === "ENABLED")?.number ?? 0;
}

/** When the limit is reached: the oldest alias that no revision and no other service names. */
function findStaleAliases(secret: SecretState, state: State): string[] {
  const aliases = Object.entries(secret.aliases);
  if (aliases.length < MOST_ALIASES) return [];
  const named = new Set(
    [...state.revisions, ...state.otherServices.map((s) => s.spec.template)]
      .flatMap((r) => r.spec.volumes ?? [])
      .filter((v) => v.secret?.secretName === secret.name)
      .flatMap((v) => v.secret?.items?.map((item) => item.key) ?? []),
  );
  const [oldest] = aliases
    .filter(([alias]) => alias.startsWith("sha-") && !named.has(alias))
    .sort(([, a], [, b]) => a - b);
  if (oldest === undefined) {
    throw new UserError(
      `secret ${secret.name} has ${String(MOST_ALIASES)} aliases, and revisions name them all`,
      {
        hint: "Delete old revisions: gcloud run revisions list, then gcloud run revisions delete",
      },
    );
  }
  return [oldest[0]];
}
