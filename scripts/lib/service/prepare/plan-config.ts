import { UserError } from "../../cli/errors.ts";
import * as commands from "../../google/commands/secrets.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { Settings } from "../../settings/settings.ts";
import { LABELS, isOurSecret } from "../ownership.ts";
import type { SecretState, State } from "../state/state.ts";
import {
  type FileContent,
  aliasOf,
} from "../../litellm-config/config-content.ts";
import type { PrepareInput } from "./input.ts";
import { listStaleAliases } from "./stale-aliases.ts";
import { checkVersion, nextVersion } from "./secret-version.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";

export interface ConfigSteps {
  /** Stores the content. */
  store: Step[];
  /** Names the version by its content; needs `store`. */
  name: Step[];
}

/** A new version of each file only where its content changed, named `sha-…` by its content. */
export function planConfig(input: PrepareInput, state: State): ConfigSteps {
  const { settings, config } = input;
  const secret = state.secrets.config;
  const contents = listContents(config);
  if (secret === undefined) return planNew(settings, contents);
  const isOurs = isOurSecret(secret);
  const label = isOurs ? {} : { labels: LABELS };
  const missing = contents.filter(
    (content) => !isNamed(settings, secret, content),
  );
  if (missing.length === 0) {
    const { configSecret: name } = settings;
    const adopt = commands.updateSecret(settings, name, label);
    return {
      store: [],
      name: isOurs ? [] : [gcloudStep(`Take over secret ${name}`, adopt)],
    };
  }
  const { steps, aliases } = planVersions(settings, secret, missing);
  const stale = listStaleAliases(
    settings,
    state,
    secret,
    contents.map(aliasOf),
    missing.length,
  );
  return {
    store: [
      ...steps,
      ...(stale.length === 0 ? [] : [pruneStep(settings, secret, stale)]),
    ],
    name: [
      nameStep(settings, aliases, {
        ...label,
        aliases: { ...omit(secret.aliases, stale), ...aliases },
        // Pruning has just changed the secret, and its etag with it.
        ...(stale.length === 0 && { etag: secret.etag }),
      }),
    ],
  };
}

/** The config, then what lies beside it; what is alike counts once. */
function listContents({
  others = {},
  ...config
}: PrepareInput["config"]): FileContent[] {
  const all = [config, ...Object.values(others)];
  return [...new Map(all.map((one) => [aliasOf(one), one])).values()];
}

function planNew(
  settings: Settings,
  [first, ...rest]: readonly FileContent[],
): ConfigSteps {
  const { configSecret: name } = settings;
  if (first === undefined) throw new Error("a config without a file");
  const create = commands.createSecret(settings, {
    name,
    labels: LABELS,
    locations: settings.secretLocations,
    data: dataOf(first),
  });
  const aliases = Object.fromEntries(
    [first, ...rest].map((content, index) => [aliasOf(content), index + 1]),
  );
  return {
    store: [
      gcloudStep(`Store ${first.file} in secret ${name}`, create),
      ...rest.map((content, index) => storeStep(settings, content, index + 2)),
    ],
    name: [nameStep(settings, aliases, { aliases })],
  };
}

/** Versions for contents that have no alias; what a run that was killed has stored is taken. */
function planVersions(
  settings: Settings,
  secret: SecretState,
  missing: readonly FileContent[],
): { steps: Step[]; aliases: Record<string, number> } {
  const steps: Step[] = [];
  const aliases: Record<string, number> = {};
  let next = nextVersion(secret);
  for (const content of missing) {
    const kept = secret.unaliased?.find(
      ({ sha256 }) => sha256 === content.sha256,
    );
    if (kept === undefined) steps.push(storeStep(settings, content, next));
    aliases[aliasOf(content)] = kept?.number ?? next++;
  }
  return { steps, aliases };
}

function storeStep(
  settings: Settings,
  content: FileContent,
  version: number,
): Step {
  const { configSecret: name } = settings;
  const add = commands.addVersion(settings, name, dataOf(content));
  const title = `Store ${content.file} in secret ${name}`;
  return gcloudStep(title, add, (stdout) => {
    checkVersion(settings, name, stdout, version);
  });
}

function dataOf({ file, text }: FileContent): commands.Data {
  return text === undefined ? { file } : { text };
}

/** `added`: of the aliases those that are new. */
function nameStep(
  settings: Settings,
  added: Readonly<Record<string, number>>,
  change: commands.SecretChange,
): Step {
  const { configSecret } = settings;
  const numbers = Object.values(added);
  return gcloudStep(
    `Name version${numbers.length === 1 ? "" : "s"} ${numbers.join(", ")} of ${configSecret}: ${Object.keys(added).join(", ")}`,
    commands.updateSecret(settings, configSecret, change),
  );
}

function pruneStep(
  settings: Settings,
  { name, etag }: SecretState,
  removeAliases: readonly string[],
): Step {
  const command = commands.updateSecret(settings, name, {
    removeAliases,
    etag,
  });
  const which = removeAliases.length === 1 ? "alias" : "aliases";
  return gcloudStep(`Remove the oldest ${which} of ${name}`, command);
}

function omit(
  aliases: Record<string, number>,
  names: readonly string[],
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(aliases).filter(([alias]) => !names.includes(alias)),
  );
}

function isNamed(
  settings: Settings,
  secret: SecretState,
  content: FileContent,
): boolean {
  const number = secret.aliases[aliasOf(content)];
  const version = secret.versions.find((v) => v.number === number);
  if (version?.state === "DISABLED") {
    const enable = commands.enableVersion(
      settings,
      secret.name,
      version.number,
    );
    throw new UserError(
      `version ${String(version.number)} of secret ${secret.name} holds ${content.file}, but is disabled`,
      { hint: `Enable it: ${formatCommand(enable)}` },
    );
  }
  return version?.state === "ENABLED";
}
