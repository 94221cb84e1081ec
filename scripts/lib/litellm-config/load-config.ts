import { scriptCommand } from "../cli/script-command.ts";
import { InputError, UserError } from "../cli/errors.ts";
import {
  checkLitellmConfig,
  readLitellmConfig,
} from "./check-litellm-config.ts";
import type { ClientModel, LitellmConfig } from "./client-models.ts";
import type { Finding } from "./finding.ts";
import { formatFinding } from "./format-findings.ts";
import { toNamedContent, withClientKeys } from "./client-keys.ts";
import type { ConfigContent } from "./config-content.ts";
import {
  type ConfigSet,
  type ConfigText,
  readConfigSet,
} from "./config-set.ts";
import type { Settings } from "../settings/settings.ts";
import { MAIN } from "../settings/config-files.ts";
import { toParameters } from "../manifest/parameters.ts";
import { listVariables } from "../manifest/render-manifest.ts";
import { say } from "../cli/terminal.ts";

export interface LoadedConfig extends ConfigContent {
  models: ClientModel[];
}

/**
 * The LiteLLM config of an env, checked. Prints what is doubtful.
 * Throws InputError with every error where there is one.
 */
export function loadConfig(settings: Settings, manifest: string): LoadedConfig {
  const checked = requireConfig(settings, manifest);
  for (const warning of checked.findings) say(formatFinding(warning));
  return toLoaded(settings, checked);
}

/** The same without a word: where several envs are looked at. */
export function loadConfigQuietly(
  settings: Settings,
  manifest: string,
): LoadedConfig {
  return toLoaded(settings, requireConfig(settings, manifest));
}

function toLoaded(
  settings: Settings,
  { set, text, config }: ReturnType<typeof requireConfig>,
): LoadedConfig {
  const texts = [
    { name: MAIN, file: set.file, text },
    ...(set.others ?? []),
  ] as const;
  const contents = settings.clientKeys
    ? withClientKeys(texts)
    : texts.map(toNamedContent);
  const { [MAIN]: main, ...others } = Object.fromEntries(
    contents.map(({ name, ...content }) => [name, content]),
  );
  if (main === undefined) throw new Error(`a config without ${MAIN}`);
  return { ...main, others, models: config.models };
}

/** The same without a word: for an env that shares its config with another. */
export function requireConfig(
  settings: Settings,
  manifest: string,
): Omit<CheckedConfig, "config"> & { config: LitellmConfig } {
  const checked = checkConfig(settings, manifest, new Date());
  const { config, findings } = checked;
  if (config === undefined) throw refuse(settings, findings);
  return { ...checked, config };
}

/** What CONFIG of an env names, and all that is wrong with it. */
export interface CheckedConfig {
  set: ConfigSet;
  text: string;
  findings: Finding[];
  /** What it offers to clients; undefined where there is an error. */
  config: LitellmConfig | undefined;
}

/** Throws InputError where the config itself cannot be read. */
export function checkConfig(
  settings: Settings,
  manifest: string,
  today: Date,
): CheckedConfig {
  const set = readConfigSet(settings.config);
  const text = requireText(set, settings);
  const { file, others } = set;
  const { findings, config } = checkLitellmConfig(text, {
    file,
    others,
    mode: settings.mode,
    env: settings.env,
    projectId: settings.projectId,
    provided: listVariables(
      manifest,
      settings,
      toParameters(settings, { configVersion: "", keys: {} }),
    ),
    today,
  });
  return {
    set,
    text,
    findings: [...set.findings, ...findings],
    config: set.findings.some(isError) ? undefined : config,
  };
}

/**
 * The models that a deployed config offers. It was checked before it was
 * deployed, and it stays what is served when a model has retired since.
 */
export function readServedText(
  text: string,
  others: readonly ConfigText[],
  secret: string,
): LitellmConfig {
  const config = readLitellmConfig(text, others);
  if (config !== undefined) return config;
  throw new UserError(`secret ${secret} holds no LiteLLM config`, {
    hint: `Deploy the config of this folder: ${scriptCommand("deploy")}`,
  });
}

/** The text of the config itself. Throws InputError where it cannot be read. */
function requireText(
  { main, file, others, cause }: ConfigSet,
  { env }: Settings,
): string {
  if (main !== undefined) return main;
  throw new InputError(`the LiteLLM config ${file} cannot be read`, {
    hint:
      others === undefined
        ? `Set CONFIG in envs/${env}.env to the path of one.`
        : `The config of a directory is its ${MAIN}: put it there, or set CONFIG in envs/${env}.env to a file.`,
    cause,
  });
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

function refuse(
  { config: what }: Settings,
  findings: readonly Finding[],
): InputError {
  const errors = findings.filter(isError).length;
  return new InputError(
    [
      `${what} has ${String(errors)} error${errors === 1 ? "" : "s"}:`,
      ...findings.map(formatFinding),
    ].join("\n"),
    { hint: `Check it again with: npm run validate -- ${what}` },
  );
}
