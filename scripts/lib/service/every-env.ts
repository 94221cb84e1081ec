import { UserError } from "../cli/errors.ts";
import { type GcloudContext, readGcloudContext } from "../google/context.ts";
import { listEnvs } from "../settings/env-file.ts";
import { loadSettings, withholdKeysOf } from "../settings/load-settings.ts";
import { refuseDemoProject } from "./session.ts";

/** An env that could not be looked at. */
export interface Unread {
  env: string;
  error: string;
  hint: string | null;
}

/** Every env of envs/, and who gcloud is; the rehearsal's only in the rehearsal. */
export async function openEveryEnv(): Promise<{
  context: GcloudContext;
  envs: string[];
}> {
  const envs = listEnvs();
  withholdKeysOf(envs);
  const context = await readGcloudContext();
  return { context, envs: envs.filter((env) => !isOfRehearsal(context, env)) };
}

export function isUnread(seen: object): seen is Unread {
  return "error" in seen;
}

/** What comes of one of several envs: one that fails does not hide the others. */
export async function orUnread<T>(
  env: string,
  look: () => Promise<T>,
): Promise<T | Unread> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { env, error: error.message, hint: error.hint ?? null };
  }
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
