import { InputError } from "../cli/errors.ts";
import { readProcessEnv } from "../cli/process-env.ts";
import { SETTING_NAMES, listOfVariables } from "./check-settings.ts";
import { type Entry, readEnvFiles } from "./env-file.ts";
import { withholdKeys } from "./keys.ts";
import { type NamedVariables, readNamedVariables } from "./named-variables.ts";
import {
  type Settings,
  configOf,
  isRehearsalProject,
  makeSettings,
} from "./settings.ts";
import { sortVariables } from "./variables.ts";

/** What gcloud's configuration says where the env does not. */
export interface Guesses {
  PROJECT_ID: string | undefined;
  REGION: string | undefined;
}

export interface LoadedSettings {
  settings: Settings;
  /** What the shell decided: settings as `NAME=value`, variables by their names. */
  fromShell: string[];
  /** Settings that only gcloud's configuration decided: to be confirmed. */
  guessed: string[];
}

/** What an env's files and the shell say of it. */
interface Written {
  entries: Map<string, Entry>;
  named: NamedVariables;
  /** Settings that the shell decided, as `NAME=value`, and variables: only their names, for what they hold is not ours. */
  fromShell: string[];
}

/**
 * Reads an env's files, and those that it deploys; from then on no child process
 * gets its keys. Throws InputError where there is no such env.
 */
export function readEnv(env: string): Written {
  const entries = readEnvFiles(env);
  const settings = overlayShell(entries, SETTING_NAMES).map(
    (name) => `${name}=${entries.get(name)?.value ?? ""}`,
  );
  const named = readNamedVariables(configOf(entries));
  const variables = sortVariables(entries, named);
  withholdKeys(variables.keys);
  const secrets = variables.keys.map(({ variable }) => variable);
  const others = listOfVariables(variables).filter(
    (name) => !secrets.includes(name),
  );
  const fromShell = [...settings, ...overlayShell(entries, others)];
  return { entries, named, fromShell };
}

/** Before the first gcloud; what is wrong with an env is told where it is opened. */
export function withholdKeysOf(envs: readonly string[]): void {
  for (const env of envs) {
    try {
      readEnv(env);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
}

/**
 * The settings of an env: the shell, then `envs/<env>.local.env`, then
 * `envs/<env>.env`, then gcloud's configuration (project and region), then defaults.
 */
export function loadSettings(env: string, guesses: Guesses): LoadedSettings {
  const { entries, named, fromShell } = readEnv(env);
  const guessed: string[] = [];
  for (const name of ["PROJECT_ID", "REGION"] as const) {
    const value = guesses[name];
    // gcloud shows an empty variable as an empty property.
    if (value === undefined || value === "" || entries.has(name)) continue;
    entries.set(name, { value, from: "gcloud's configuration" });
    guessed.push(`${name}=${value}`);
  }
  const settings = makeSettings(env, entries, named);
  refuseRealProjectInDemo(settings);
  return { settings, fromShell, guessed };
}

/** Returns the names that the shell has decided. */
function overlayShell(
  entries: Map<string, Entry>,
  names: readonly string[],
): string[] {
  const processEnv = readProcessEnv();
  return names.flatMap((name) => {
    const value = processEnv[name];
    if (value === undefined || value === "") return [];
    if (entries.get(name)?.value === value) return [];
    entries.set(name, { value, from: "the shell" });
    return [name];
  });
}

function refuseRealProjectInDemo(settings: Settings): void {
  if (settings.env === "local" && !isRehearsalProject(settings.projectId)) {
    throw new InputError(
      `env "local" is the rehearsal, but PROJECT_ID is ${settings.projectId}`,
      { hint: "Use env dev, or an env file of your own, for a real project." },
    );
  }
}
