import {
  type LoadedConfig,
  loadConfigQuietly,
} from "../../litellm-config/load-config.ts";
import { readManifest } from "../../manifest/render-manifest.ts";
import { newAttempt } from "../attempt.ts";
import { type DeployPlan, planDeploy } from "../deploy/plan-deploy.ts";
import { type Unread, openEveryEnv, orUnread } from "../every-env.ts";
import { type Session, openEnv } from "../session.ts";
import { readState } from "../state/read-state.ts";
import type { Changes } from "./changes.ts";
import { expectKeys } from "./expected-keys.ts";
import { readChanges } from "./read-changes.ts";

interface PlanInput {
  config: LoadedConfig;
  manifest: string;
  adopt: boolean;
}

/** What a deploy of one env would do, and change. */
export async function planEnv(
  session: Session,
  { config, manifest, adopt }: PlanInput,
): Promise<{ planned: DeployPlan; changes: Changes }> {
  const { settings, read } = session;
  const state = await readState(read, settings);
  const keys = expectKeys(settings, state);
  const attempt = newAttempt();
  const input = { settings, config, keys, manifest, adopt, attempt };
  const planned = planDeploy(input, state);
  const changes = await readChanges(session, state, planned, config);
  return { planned, changes };
}

/** The same of every env, side by side: one that cannot be read does not hide the others. */
export async function planEveryEnv(
  adopt: boolean,
): Promise<(Changes | Unread)[]> {
  const { context, envs } = await openEveryEnv();
  const manifest = readManifest();
  return Promise.all(
    envs.map((env) =>
      orUnread(env, async () => {
        const session = openEnv(context, env);
        const config = loadConfigQuietly(session.settings, manifest);
        const { changes } = await planEnv(session, { config, manifest, adopt });
        return changes;
      }),
    ),
  );
}
