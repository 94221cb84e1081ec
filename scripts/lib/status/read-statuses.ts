import { UserError } from "../cli/errors.ts";
import { say } from "../cli/terminal.ts";
import { type GcloudContext, readGcloudContext } from "../google/context.ts";
import { createLastingReader } from "../google/lasting-reader.ts";
import { openEnv, refuseDemoProject } from "../service/session.ts";
import { listEnvs } from "../settings/env-file.ts";
import {
  loadSettings,
  readEnv,
  withholdKeysOf,
} from "../settings/load-settings.ts";
import type { EnvStatus, Unread } from "./env-status.ts";
import { readStatus } from "./read-status.ts";

/** Reads what envs have now, as often as it is called. */
export type Look = () => Promise<(EnvStatus | Unread)[]>;

/** One env. Throws UserError where it cannot be read. */
export async function lookAtOne(env: string, ask: boolean): Promise<Look> {
  // A misspelt env is told before gcloud asks for a login.
  readEnv(env);
  const look = openLook(await readGcloudContext(), env, ask);
  return async () => [await look()];
}

/** Every env, side by side: one that cannot be read does not hide the others. */
export async function lookAtAll(ask: boolean): Promise<Look> {
  const envs = listEnvs();
  withholdKeysOf(envs);
  const context = await readGcloudContext();
  const looks = envs
    .filter((env) => !isOfRehearsal(context, env))
    .map((env) => {
      let look: (() => Promise<EnvStatus>) | undefined;
      return async (): Promise<EnvStatus | Unread> => {
        try {
          look ??= openLook(context, env, ask);
          return await look();
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          return { env, error: error.message, hint: error.hint ?? null };
        }
      };
    });
  return () => Promise.all(looks.map((look) => look()));
}

function openLook(
  context: GcloudContext,
  env: string,
  ask: boolean,
): () => Promise<EnvStatus> {
  const { guessed, ...session } = openEnv(context, env);
  if (guessed.length > 0) {
    say(`${env}, from gcloud's configuration: ${guessed.join(" and ")}`);
  }
  const { projectId } = session.settings;
  const read = createLastingReader(session.read, projectId);
  return () => readStatus({ ...session, read }, { ask });
}

/** The env `local` has no place in the real Google. */
function isOfRehearsal(context: GcloudContext, env: string): boolean {
  if (env !== "local") return false;
  try {
    const guesses = { PROJECT_ID: undefined, REGION: undefined };
    refuseDemoProject(context, loadSettings(env, guesses).settings);
    return false;
  } catch {
    return true;
  }
}
