import { say } from "../cli/terminal.ts";
import { type GcloudContext, readGcloudContext } from "../google/context.ts";
import { createLastingReader } from "../google/lasting-reader.ts";
import { type Unread, openEveryEnv, orUnread } from "../service/every-env.ts";
import { openEnv } from "../service/session.ts";
import { readEnv } from "../settings/load-settings.ts";
import type { EnvStatus } from "./env-status.ts";
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
  const { context, envs } = await openEveryEnv();
  const looks = envs.map((env) => {
    let look: (() => Promise<EnvStatus>) | undefined;
    return () => orUnread(env, () => (look ??= openLook(context, env, ask))());
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
