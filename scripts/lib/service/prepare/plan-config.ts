import { UserError } from "../../cli/errors.ts";
import * as commands from "../../google/commands/secrets.ts";
import { formatCommand, toRead } from "../../google/gcloud.ts";
import { listRevisions } from "../../google/commands/run.ts";
import type { Settings } from "../../settings/settings.ts";
import { LABELS, isOurSecret } from "../ownership.ts";
import type { SecretState, State } from "../state/state.ts";
import { aliasOf } from "../../litellm-config/config-content.ts";
import type { PrepareInput } from "./input.ts";
import { checkVersion, newestEnabled, nextVersion } from "./secret-version.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";

/** Secret Manager holds 50 aliases a secret. */
const MOST_ALIASES = 50;

export interface ConfigSteps {
  /** Stores the content. */
  store: Step[];
  /** Names the version by its content; needs `store`. */
  name: Step[];
}

/** A new version only when the content changed, named `sha-…` by its content. */
export function planConfig(input: PrepareInput, state: State): ConfigSteps {
  const { settings, config } = input;
  const secret = state.secrets.config;
  const name = settings.configSecret;
  const alias = aliasOf(config);
  const title = `Store ${config.file} in secret ${name}`;
  if (secret === undefined) {
    const create = commands.createSecret(settings, {
      name,
      labels: LABELS,
      locations: settings.secretLocations,
      dataFile: config.file,
    });
    return {
      store: [gcloudStep(title, create)],
      name: [nameStep(settings, alias, { aliases: { [alias]: 1 } })],
    };
  }
  const isOurs = isOurSecret(secret);
  const label = isOurs ? {} : { labels: LABELS };
  if (isNamed(settings, secret, alias)) {
    const adopt = commands.updateSecret(settings, name, label);
    return {
      store: [],
      name: isOurs ? [] : [gcloudStep(`Take over secret ${name}`, adopt)],
    };
  }
  const kept = secret.unaliasedSha256 === config.sha256;
  const version =
    (kept ? newestEnabled(secret) : undefined) ?? nextVersion(secret);
  const add = commands.addVersion(settings, name, config.file);
  const stale = findStaleAlias(settings, secret, state);
  const aliases = { ...secret.aliases, [alias]: version };
  return {
    store: [
      ...(kept
        ? []
        : [
            gcloudStep(title, add, (stdout) => {
              checkVersion(name, stdout, version);
            }),
          ]),
      ...(stale === undefined ? [] : [pruneStep(settings, secret, stale)]),
    ],
    name: [
      nameStep(settings, alias, {
        ...label,
        aliases: omit(aliases, stale),
        // Pruning has just changed the secret, and its etag with it.
        ...(stale === undefined && { etag: secret.etag }),
      }),
    ],
  };
}

function nameStep(
  settings: Settings,
  alias: string,
  change: commands.SecretChange & { aliases: Record<string, number> },
): Step {
  const { configSecret } = settings;
  return gcloudStep(
    `Name version ${String(change.aliases[alias])} of ${configSecret}: ${alias}`,
    commands.updateSecret(settings, configSecret, change),
  );
}

function pruneStep(
  settings: Settings,
  { name, etag }: SecretState,
  removeAlias: string,
): Step {
  const command = commands.updateSecret(settings, name, { removeAlias, etag });
  return gcloudStep(`Remove the oldest alias of ${name}`, command);
}

function omit(
  aliases: Record<string, number>,
  name: string | undefined,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(aliases).filter(([alias]) => alias !== name),
  );
}

function isNamed(
  settings: Settings,
  secret: SecretState,
  alias: string,
): boolean {
  const number = secret.aliases[alias];
  const version = secret.versions.find((v) => v.number === number);
  if (version?.state === "DISABLED") {
    const enable = commands.enableVersion(
      settings,
      secret.name,
      version.number,
    );
    throw new UserError(
      `version ${String(version.number)} of secret ${secret.name} holds this config but is disabled`,
      { hint: `Enable it: ${formatCommand(enable)}` },
    );
  }
  return version?.state === "ENABLED";
}

/** When the limit is reached: the oldest alias that no revision and no other service names. */
function findStaleAlias(
  settings: Settings,
  secret: SecretState,
  state: State,
): string | undefined {
  const aliases = Object.entries(secret.aliases);
  if (aliases.length < MOST_ALIASES) return undefined;
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
        hint: `Delete old revisions (gcloud run revisions delete). See them: ${formatCommand(toRead(listRevisions(settings)))}`,
      },
    );
  }
  return oldest[0];
}
