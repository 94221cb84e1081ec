import { InputError } from "../cli/errors.ts";
import type { GcloudContext } from "../google/context.ts";
import { API_NAMES, reachesGoogle } from "../google/endpoints.ts";
import { type ReadApi, createApiReader } from "../google/rest.ts";
import {
  type SecretPayloads,
  openPayloads,
} from "../google/secret-payloads.ts";
import {
  type LoadedSettings,
  loadSettings,
} from "../settings/load-settings.ts";
import { isRehearsalProject, type Settings } from "../settings/settings.ts";
import { ask, isInteractive, say } from "../cli/terminal.ts";
import type { Login } from "./log-in.ts";

/** One env of one run: who gcloud is, the settings, and the ways to Google. */
export interface Session {
  context: GcloudContext;
  settings: Settings;
  read: ReadApi;
  /** Those of the env's project. */
  payloads: SecretPayloads;
}

interface OpenOptions {
  yes: boolean;
  /** Throws where these settings do not do: before anybody is asked. */
  check?: (settings: Settings) => void;
}

/**
 * Opens an env. A project or region that only gcloud's configuration gave is
 * shown and confirmed (`yes` confirms it without asking).
 */
export async function openSession(
  { env, context }: Login,
  options: OpenOptions,
): Promise<Session> {
  const opened = openEnv(await context, env);
  const { settings, fromShell, guessed } = opened;
  options.check?.(settings);
  say(
    `${settings.service} in ${settings.projectId}, ${settings.region} (env ${env}, mode ${settings.mode})`,
  );
  if (fromShell.length > 0) say(`from the shell: ${fromShell.join(" ")}`);
  // A rehearsal's project is nobody's: `openEnv` made sure that it stays there.
  const yes = options.yes || isRehearsalProject(settings.projectId);
  if (guessed.length > 0) await confirmGuess(env, guessed, yes);
  return opened;
}

/** Opens an env without a word and without a question: for what only reads. */
export function openEnv(
  context: GcloudContext,
  env: string,
): Session & Pick<LoadedSettings, "fromShell" | "guessed"> {
  const { settings, fromShell, guessed } = loadSettings(env, {
    PROJECT_ID: context.properties.core?.project,
    REGION: context.properties.run?.region,
  });
  refuseDemoProject(context, settings);
  return {
    context,
    settings,
    read: createApiReader(context, settings.projectId),
    payloads: openPayloads(context)(settings.projectId),
    fromShell,
    guessed,
  };
}

/** Throws InputError where nobody confirms what only gcloud's configuration gave. */
export async function confirmGuess(
  env: string,
  guessed: readonly string[],
  yes: boolean,
): Promise<void> {
  const what = guessed.join(" and ");
  say(`from gcloud's configuration: ${what}`);
  if (yes) return;
  const hint = `Set it in envs/${env}.env or in the shell, or accept it with --yes.`;
  if (!isInteractive()) {
    throw new InputError(
      `${what} is only gcloud's default, and nobody is here to confirm it`,
      { hint },
    );
  }
  if (!/^y(es)?$/i.test((await ask(`Use ${what}? [y/N] `)) ?? "")) {
    throw new InputError("not confirmed; nothing was changed", { hint });
  }
}

/** A rehearsal's project must never reach the real Google. */
export function refuseDemoProject(
  context: GcloudContext,
  settings: Settings,
): void {
  if (!isRehearsalProject(settings.projectId)) return;
  if (!API_NAMES.some((api) => reachesGoogle(context, api))) return;
  throw new InputError(
    `project ${settings.projectId} is a rehearsal's (demo-…) and is not sent to the real Google`,
    {
      hint: "Start the rehearsal first: npm start, or a shell inside one: npm run emulator -- exec -- bash",
    },
  );
}
