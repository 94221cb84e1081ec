import { secretsOf } from "./grants.ts";
import { planClean } from "../service/clean/plan-clean.ts";
import type { EnvState, SetupState } from "./setup-state.ts";
import { type Lane, type Step, stepsOf, withoutRepeats } from "../plan/step.ts";

/**
 * Removes the account and the empty secrets of envs that nothing was deployed
 * to since setup made them. Everything else is for clean.ts, env by env.
 */
export function planUntouched(state: SetupState, kept: string[]): Lane[] {
  const lanes = state.envs.map((env): Step[] => {
    if (isUntouched(env)) {
      return stepsOf(planClean(env.settings, env.project).plan);
    }
    if (hasAnything(env)) {
      const { env: name, projectId } = env.settings;
      kept.push(
        `what env ${name} has in ${projectId}: npx tsx scripts/clean.ts ${name} removes it`,
      );
    }
    return [];
  });
  return withoutRepeats(lanes);
}

function isUntouched({ settings, project }: EnvState): boolean {
  const names = secretsOf(settings);
  return (
    project.service === undefined &&
    Object.values(project.secrets).every(
      (secret) =>
        secret === undefined ||
        (names.includes(secret.name) && secret.versions.length === 0),
    )
  );
}

function hasAnything({ project }: EnvState): boolean {
  const { service, serviceAccount, secrets } = project;
  return [service, serviceAccount, ...Object.values(secrets)].some(
    (thing) => thing !== undefined,
  );
}
