import { type GcloudContext, readGcloudContext } from "../google/context.ts";
import { readEnv } from "../settings/load-settings.ts";

/** An env, and the gcloud that says who is here, once it has started. */
export interface Login {
  env: string;
  context: Promise<GcloudContext>;
}

/**
 * Starts gcloud for an env (`dev` where none is named). What a script does with the
 * answer can be loaded meanwhile: whoever opens the session waits for it. Throws
 * InputError for a misspelt env, before gcloud asks for a login; gcloud gets no key.
 */
export function logIn(env = "dev"): Login {
  readEnv(env);
  const context = readGcloudContext();
  context.catch(() => undefined);
  return { env, context };
}
