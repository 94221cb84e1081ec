import { scriptCommand } from "../cli/script-command.ts";
import { type SecretState, listSecrets } from "../service/state/state.ts";
import { secretsOf } from "../service/deploying-roles.ts";
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
        `what env ${name} has in ${projectId}: ${scriptCommand("clean", name)} removes it`,
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
    listMade(project).every(
      ({ name, versions }) => names.includes(name) && versions.length === 0,
    )
  );
}

function hasAnything({ project }: EnvState): boolean {
  const { service, serviceAccount } = project;
  return (
    service !== undefined ||
    serviceAccount !== undefined ||
    listMade(project).length > 0
  );
}

/** Without those that the manifest names and nobody here makes. */
function listMade({ secrets }: EnvState["project"]): SecretState[] {
  return listSecrets({ secrets: { ...secrets, own: {} } });
}
